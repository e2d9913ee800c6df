export async function saveGraphSvg(): Promise<void> {}
export async function saveGraphPng(): Promise<void> {}
