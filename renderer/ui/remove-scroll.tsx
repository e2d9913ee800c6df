import type { ElementType, HTMLAttributes } from "react";

interface RemoveScrollProps extends HTMLAttributes<HTMLElement> {
  readonly as?: ElementType;
  readonly allowPinchZoom?: boolean;
  readonly shards?: unknown;
}

/**
 * Stands in for the package react-remove-scroll, which Radix puts around what floats: the window itself never scrolls,
 * and the package writes a style element, which the content security policy refuses.
 */
export function RemoveScroll({
  as: Element = "div",
  allowPinchZoom: _,
  shards: __,
  ...rest
}: RemoveScrollProps) {
  return <Element {...rest} />;
}
