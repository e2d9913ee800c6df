import type { z } from "zod";
import type { Channels, ChannelsBy, Response } from "../../../shared/ipc/channels.ts";
import type { Call } from "./call.ts";

export type EngineChannel = ChannelsBy<"engine">;

/** One function a channel of the engine; errors that a person may cause are `AppError`s. */
export type Handlers = {
  readonly [Name in EngineChannel]: (
    request: z.output<Channels[Name]["request"]>,
    call: Call,
  ) => Promise<Response<Name>>;
};
