import { AppError } from "../../../shared/base/errors.ts";
import { type FieldCounts, fieldCountsSchema } from "../../../shared/files/field-counts.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { jsonExcess } from "../base/bounded-json.ts";

/** A thousand points of dozens of exits. */
const limits = { bytes: 32e6, values: 4e6, depth: 16 };

/**
 * Reads the counts that a runner kept in the field.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid' if they are none, or don't add up
 */
export async function readFieldCounts(path: string): Promise<FieldCounts> {
  const bytes = await readRegularFile(path, { maxBytes: limits.bytes });
  const excess = jsonExcess(bytes, limits);
  if (excess) throw new AppError("file-invalid", `${path} holds ${excess}, so these are no field counts`);
  let content: unknown;
  try {
    content = JSON.parse(String(bytes));
    return fieldCountsSchema.parse(content);
  } catch (cause) {
    const reason = unreadReason("file of field counts", 1, content);
    throw new AppError("file-invalid", `${path} ${reason}; runners write them with --counts`, {}, { cause });
  }
}
