import { Anchor, Button, type AnchorProps, type ButtonProps } from "@mantine/core"
import { createLink } from "@tanstack/react-router"
import type { ComponentPropsWithRef } from "react"

type Link<P> = P & Omit<ComponentPropsWithRef<"a">, keyof P>

const ButtonAsLink = (props: Link<ButtonProps>) => <Button component="a" {...props} />
const AnchorAsLink = (props: Link<AnchorProps>) => <Anchor {...props} />

/** A button that goes somewhere; its address is checked against the routes. */
export const LinkButton = createLink(ButtonAsLink)

/** A link in a text; its address is checked against the routes. */
export const LinkAnchor = createLink(AnchorAsLink)
