import { Button, Divider } from "@mantine/core"
import { IconLogin2 } from "@tabler/icons-react"

import { strings } from "./strings"

interface Props {
  name: string
  /** Where to go on afterwards. */
  next: string
  /** Whether a form for a password follows. */
  isFirst?: boolean
}

/** The way in by the installation's sign-in provider. */
export function ProviderButton({ name, next, isFirst = false }: Props) {
  return (
    <>
      <Button
        component="a"
        href={`/api/v1/session/provider/start?next=${encodeURIComponent(next)}`}
        variant={isFirst ? "default" : "filled"}
        leftSection={<IconLogin2 size={18} aria-hidden />}
        fullWidth
      >
        {strings.by(name)}
      </Button>
      {isFirst && <Divider label={strings.or} />}
    </>
  )
}
