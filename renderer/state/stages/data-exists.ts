import { call } from "../call.ts";

/** Whether a data set is still where it was. */
export async function dataExists(path: string): Promise<boolean> {
  return (await call("data.exists", { path })).exists;
}
