import { ActionIcon, Group, Kbd, Text } from "@mantine/core"
import { IconEye, IconEyeOff } from "@tabler/icons-react"

import type { ProjectClass } from "../../../api/shared"
import { useKeyOf } from "../../../keymap"
import { percent } from "../../../ui"
import { counted, differs } from "./correction"
import type { ToReview } from "./queries"
import classes from "./review.module.css"
import { strings } from "./strings"
import type { LayerName, OwnVersion } from "./useVersion"
import { inWords } from "./words"

interface Props {
  item: ToReview
  task: string
  choices: readonly ProjectClass[]
  version: OwnVersion
}

/** The author's version, the model's and the reviewer's: what each says, and where things are drawn, whether it is shown. */
export function VersionList({ item, task, choices, version }: Props) {
  const keyOf = useKeyOf("review")
  const isDrawn = task !== "classification" && task !== "multi_label"
  const rows: { name: LayerName; title: string; text: string }[] = [
    { name: "author", title: item.review.author_names.join(", ") || strings.layer.author, text: inWords(item.author, task, choices) },
    { name: "suggested", title: strings.layer.suggested, text: suggestedIn(item, isDrawn, choices) },
    { name: "own", title: strings.layer.own, text: ownIn(item, task, choices, version) },
  ]
  return (
    <div className={classes.versions} data-testid="versions">
      {rows.map(({ name, title, text }) => {
        const isShown = version.layers[name]
        const label = isShown ? strings.layer.hide(title) : strings.layer.show(title)
        return (
          <div key={name} className={classes.version} data-layer={name} data-shown={isShown || undefined}>
            {isDrawn && <span className={classes.line} data-kind={name} aria-hidden />}
            <div className={classes.words}>
              <Text size="xs" c="dimmed" truncate>
                {title}
              </Text>
              <Text size="sm" truncate title={text}>
                {text}
              </Text>
            </div>
            {isDrawn && (
              <Group gap={4} wrap="nowrap">
                {keyOf(name) && <Kbd size="xs">{keyOf(name)}</Kbd>}
                <ActionIcon size="sm" variant="subtle" color="gray" aria-pressed={isShown} aria-label={label} title={label} onClick={() => version.show(name)}>
                  {isShown ? <IconEye size={16} /> : <IconEyeOff size={16} />}
                </ActionIcon>
              </Group>
            )}
          </div>
        )
      })}
    </div>
  )
}

function suggestedIn({ guess, suggested, image }: ToReview, isDrawn: boolean, choices: readonly ProjectClass[]): string {
  if (isDrawn) return suggested.length > 0 ? strings.layer.objects(suggested.length) : strings.layer.noSuggestion
  if (!guess) return image.is_reserved ? strings.keptApart : strings.layer.noSuggestion
  return `${choices.find(({ id }) => id === guess.class_id)?.name ?? strings.gone} ${percent(guess.score)}`
}

function ownIn(item: ToReview, task: string, choices: readonly ProjectClass[], { correction, editor, isReady }: OwnVersion): string {
  if (!isReady || !differs(item.author, correction)) return strings.layer.same
  const { said, change } = correction
  if (said && said.answer !== "objects") return inWords(said, task, choices)
  if (task === "multi_label" && editor) return inWords({ answer: "objects", class_id: null, objects: [...editor.board.objects.values()] }, task, choices)
  return strings.layer.differs(...counted(item.author, change))
}
