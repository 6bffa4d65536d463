import { ActionIcon, Tooltip } from "@mantine/core"
import { IconContrast } from "@tabler/icons-react"

import type { Viewer } from "../../../canvas"
import { useKeyOf } from "../../../keymap"
import { Adjust } from "../draw/Adjust"
import { strings } from "../strings"
import classes from "./stage.module.css"

interface Props {
  viewer: Viewer
  isLighting: boolean
  onLighting: () => void
}

/** In the corner of the picture: how it is looked at. */
export function LightTools({ viewer, isLighting, onLighting }: Props) {
  const keyOf = useKeyOf("one")
  const key = keyOf("window")
  return (
    <div className={classes.tools}>
      <Tooltip label={key === null ? strings.lightByDragging : `${strings.lightByDragging} (${key})`}>
        <ActionIcon size={32} tabIndex={-1} variant={isLighting ? "filled" : "subtle"} color={isLighting ? undefined : "gray"} aria-label={strings.lightByDragging} aria-pressed={isLighting} onClick={onLighting}>
          <IconContrast size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Adjust editor={viewer} resetKey={keyOf("plainLight")} size={32} />
    </div>
  )
}
