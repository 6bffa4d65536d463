import { Button, Group, Kbd, Stack } from "@mantine/core"

import type { Editor } from "../../../canvas"
import { useKeyOf } from "../../../keymap"
import { strings } from "./strings"
import type { Walk } from "./useWalk"
import { finishWhole, finishWithNone } from "./wholeKeys"

interface Props {
  editor: Editor | null
  walk: Walk
  isReady: boolean
  isWhole: boolean
  say: (text: string) => void
}

/** The ways to be done with a picture. */
export function Finish({ editor, walk, isReady, isWhole, say }: Props) {
  const drawKey = useKeyOf("draw")
  const wholeKey = useKeyOf("whole")
  const hasObjects = (editor?.board.objects.size ?? 0) > 0
  return (
    <Stack gap="xs">
      {isWhole ? (
        <>
          <Button onClick={() => finishWhole({ editor, walk, say, key: wholeKey("none") })} disabled={!isReady || !hasObjects} data-testid="done" rightSection={<Key name={wholeKey("submit")} />}>
            {strings.done}
          </Button>
          <Button variant={hasObjects ? "default" : "light"} onClick={() => finishWithNone({ editor, walk })} disabled={!isReady} data-testid="none" rightSection={<Key name={wholeKey("none")} />}>
            {strings.whole.noneOfThese}
          </Button>
        </>
      ) : (
        <Button onClick={() => void walk.finish()} disabled={!isReady} data-testid="done" rightSection={<Key name={drawKey("submit")} />}>
          {hasObjects ? strings.done : strings.nothingHere}
        </Button>
      )}
      <Group gap="xs" grow preventGrowOverflow={false}>
        <Button variant="default" size="xs" px={8} disabled={!isReady} onClick={() => void walk.finish("not_sure")} rightSection={isWhole && <Key name={wholeKey("notSure")} />}>
          {strings.notSure}
        </Button>
        <Button variant="default" size="xs" px={8} disabled={!isReady} onClick={() => void walk.finish("does_not_belong")} rightSection={isWhole && <Key name={wholeKey("doesNotBelong")} />}>
          {strings.doesNotBelong}
        </Button>
      </Group>
    </Stack>
  )
}

function Key({ name }: { name: string | null }) {
  return name && <Kbd size="xs">{name}</Kbd>
}
