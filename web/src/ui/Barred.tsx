import { Alert, Tooltip } from "@mantine/core"
import { IconLock } from "@tabler/icons-react"
import type { ReactNode } from "react"

import styles from "./barred.module.css"

interface Props {
  /** Why this may not be used, in a sentence; null: it may. */
  why: string | null
  children: ReactNode
}

/** A button, or a few, that rests with its reason while it may not be used. */
export function Barred({ why, children }: Props) {
  if (why === null) return children
  return (
    <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {/* Somebody without a pointer reaches the reason by Tab. */}
      <span tabIndex={0} className={styles.barred} aria-label={why} role="group">
        <fieldset disabled className={styles.inner}>
          {children}
        </fieldset>
      </span>
    </Tooltip>
  )
}

/** A whole form that can be read and not be used, with the reason above it. */
export function ReadOnly({ why, children }: Props) {
  if (why === null) return children
  return (
    <>
      <Alert color="gray" icon={<IconLock size={18} aria-hidden />} mb="md" data-testid="read-only">
        {why}
      </Alert>
      <fieldset disabled className={styles.form}>
        {children}
      </fieldset>
    </>
  )
}
