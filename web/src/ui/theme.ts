/** Colours, type and density. Pine for what acts, brass for what asks for attention, warm paper and walnut around them. */

import { Anchor, Badge, Button, Card, createTheme, Drawer, Modal, Tooltip, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core"

const pine: MantineColorsTuple = ["#eaf5f1", "#d3e8e0", "#a8d2c3", "#79baa4", "#53a58b", "#3b967a", "#2a7f66", "#1d5f50", "#164c40", "#0e3830"]
const brass: MantineColorsTuple = ["#fdf5e4", "#f8e9c9", "#efd193", "#e6b85a", "#dfa32f", "#c98a1b", "#a66d0e", "#845407", "#654006", "#482d04"]
const clay: MantineColorsTuple = ["#fcefeb", "#f5dbd3", "#eab3a4", "#df8a72", "#d5674a", "#c5502f", "#b03f22", "#933319", "#752813", "#571c0c"]
const stone: MantineColorsTuple = ["#faf8f4", "#f3efe8", "#e9e3d8", "#dad2c4", "#c3b9a8", "#a3988a", "#756c60", "#5c544a", "#403a33", "#28241f"]
const walnut: MantineColorsTuple = ["#ece6dd", "#c9c1b6", "#aaa196", "#837a70", "#564f48", "#433d37", "#332e29", "#272320", "#1d1a17", "#141210"]

const SANS = '"Avenir Next", "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", Arial, sans-serif'
const SERIF = '"Iowan Old Style", "Palatino Nova", "Palatino Linotype", "URW Palladio L", P052, "Noto Serif", Charter, Georgia, "DejaVu Serif", serif'
const MONO = 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

const DIALOG_TITLE = { fontFamily: SERIF, fontWeight: 600, fontSize: "1.15rem" }

export const theme = createTheme({
  colors: { pine, brass, clay, gray: stone, dark: walnut, red: clay, yellow: brass },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.24,
  white: "#fffdf9",
  black: "#28241f",
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  headings: { fontFamily: SERIF, fontWeight: "600", sizes: { h1: { fontSize: "1.65rem", lineHeight: "1.2" }, h2: { fontSize: "1.25rem" }, h3: { fontSize: "1.05rem" } } },
  fontSizes: { xs: "0.78rem", sm: "0.86rem", md: "0.94rem", lg: "1.08rem", xl: "1.3rem" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.4rem", xl: "2rem" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: "md", radius: "lg" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: true } }),
    Drawer: Drawer.extend({ styles: { title: DIALOG_TITLE }, defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Modal: Modal.extend({ styles: { title: DIALOG_TITLE }, defaultProps: { centered: true, radius: "lg", closeButtonProps: { "aria-label": "Close" } } }),
    Badge: Badge.extend({ defaultProps: { tt: "none", fw: 600 } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "hover" } }),
  },
})

/** Colours that stand for something, by every name that they go by. */
const SPEAKING = ["pine", "brass", "clay", "red", "yellow"] as const

/** On dark, soft fills glow a little instead of being nearly black, and their text is a light shade of the same colour. */
const darkSoft = (name: string) => ({
  [`--mantine-color-${name}-light`]: `color-mix(in srgb, var(--mantine-color-${name}-5) 24%, transparent)`,
  [`--mantine-color-${name}-light-hover`]: `color-mix(in srgb, var(--mantine-color-${name}-5) 36%, transparent)`,
  [`--mantine-color-${name}-light-color`]: `var(--mantine-color-${name}-2)`,
  [`--mantine-color-${name}-text`]: `var(--mantine-color-${name}-3)`,
})

/** Where Mantine's own choice of a shade is not ours. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-body": colors.gray?.[0] ?? "",
    "--mantine-color-dimmed": colors.gray?.[6] ?? "",
    "--mantine-color-default-border": colors.gray?.[3] ?? "",
    "--mantine-color-placeholder": colors.gray?.[6] ?? "",
  },
  dark: {
    "--mantine-color-body": colors.dark?.[8] ?? "",
    "--mantine-color-dimmed": colors.dark?.[2] ?? "",
    "--mantine-color-placeholder": colors.dark?.[2] ?? "",
    "--mantine-color-anchor": colors.pine?.[3] ?? "",
    "--mantine-color-error": colors.clay?.[3] ?? "",
    ...Object.assign({}, ...SPEAKING.map(darkSoft)),
    "--mantine-color-gray-light": "color-mix(in srgb, var(--mantine-color-dark-2) 20%, transparent)",
    "--mantine-color-gray-light-hover": "color-mix(in srgb, var(--mantine-color-dark-2) 30%, transparent)",
    "--mantine-color-gray-light-color": colors.dark?.[1] ?? "",
    "--mantine-primary-color-light": "var(--mantine-color-pine-light)",
    "--mantine-primary-color-light-hover": "var(--mantine-color-pine-light-hover)",
    "--mantine-primary-color-light-color": "var(--mantine-color-pine-light-color)",
  },
})
