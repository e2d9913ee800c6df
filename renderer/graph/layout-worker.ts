self.onmessage = () => {};

export {};
