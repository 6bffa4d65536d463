import { ColorSwatch } from "@mantine/core"

/** The colour that stands for something, as a dot. */
export function ClassDot({ color, size = 12 }: { color: string; size?: number }) {
  return <ColorSwatch color={color} size={size} withShadow={false} aria-hidden style={{ flex: "none" }} />
}
