/** Numbers, sizes and times as people say them. */

export function duration(seconds: number): string {
  if (seconds < 1) return "a moment"
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) {
    const minutes = Math.floor(seconds / 60)
    const rest = Math.round(seconds % 60)
    return minutes < 10 && rest > 0 ? `${minutes} min ${rest} s` : `${Math.round(seconds / 60)} min`
  }
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.round((seconds % 3600) / 60)
  return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
}

export function fileSize(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"]
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return unit === 0 ? `${bytes} ${bytes === 1 ? "byte" : "bytes"}` : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ""}`
}

export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}

const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
  [7 * 86_400, "day"],
]
const SIZE: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 }

/** "3 minutes ago"; the date itself when it is more than a week away. */
export function ago(time: string, now: number = Date.now()): string {
  const seconds = (now - new Date(time).getTime()) / 1000
  if (Math.abs(seconds) < 10) return "just now"
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit)
  if (!step) return moment(time)
  const value = -Math.round(seconds / (SIZE[step[1]] ?? 1))
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(value, step[1])
}

export function moment(time: string): string {
  return new Date(time).toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" })
}
