import { Text } from "@mantine/core"

import type { Entry } from "./queries"
import { strings } from "./strings"
import { differences } from "./words"
import styles from "./history.module.css"

/** What it was before and what it is since, field by field. */
export function Changes({ entry }: { entry: Entry }) {
  const rows = differences(entry.before, entry.after)
  const objects = entry.details.objects as Record<string, number> | undefined
  const names = Array.isArray(entry.details.names) ? entry.details.names : []
  if (rows.length === 0 && !objects && names.length === 0) return null
  return (
    <dl className={styles.changes}>
      {names.length > 0 && (
        <div>
          <Text component="dd" size="sm" c="dimmed">
            {names.join(", ")}
            {Number(entry.details.pictures) > names.length && ", …"}
          </Text>
        </div>
      )}
      {objects && (
        <div>
          <Text component="dd" size="sm" c="dimmed">
            {strings.objects(objects)}
          </Text>
        </div>
      )}
      {rows.map(({ name, before, after }) => (
        <div key={name}>
          <dt>{strings.fields[name] ?? name.replaceAll("_", " ")}</dt>
          <dd>
            {before !== null && <del>{before}</del>}
            {before !== null && after !== null && <span aria-hidden> → </span>}
            {after !== null && <ins>{after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
