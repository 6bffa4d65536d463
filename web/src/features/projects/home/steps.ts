/** Where a project stands in the loop, told from its counts. */

export const STATIONS = ["images", "label", "versions", "runs", "models", "deployments"] as const
export type Station = (typeof STATIONS)[number]
export type StationState = "done" | "now" | "later"

const STATION_OF: Record<string, Station> = {
  import: "images",
  classes: "label",
  label: "label",
  freeze: "versions",
  train: "runs",
  evaluate: "models",
  deploy: "deployments",
  send_back: "label",
}

export interface Counts {
  images: number
  labelled: number
  versions: number
  runs: number
  models: number
  deployments: number
}

export function countAt(station: Station, counts: Counts): number {
  return station === "label" ? counts.labelled : counts[station]
}

export function stateOf(station: Station, counts: Counts, code: string): StationState {
  if (STATION_OF[code] === station) return "now"
  return countAt(station, counts) > 0 ? "done" : "later"
}
