import { IconAdjustmentsHorizontal, IconBarbell, IconBook2, IconBox, IconBroadcast, IconHistory, IconHome2, IconListCheck, IconMessage2, IconPhoto, IconStack2, IconTag, IconUsersGroup, type TablerIcon } from "@tabler/icons-react"

import type { ProjectStatus } from "../api/shared"

import { strings } from "./strings"

export interface Stage {
  /** The last part of the address. */
  path: string
  label: string
  icon: TablerIcon
  count?: (status: ProjectStatus) => number
}

export const HOME: Stage = { path: "", label: strings.stage.home, icon: IconHome2 }

/** The loop, in its order. */
export const LOOP: readonly Stage[] = [
  { path: "images", label: strings.stage.images, icon: IconPhoto, count: (status) => status.images },
  { path: "label", label: strings.stage.label, icon: IconTag, count: (status) => status.labelled },
  { path: "batches", label: strings.stage.batches, icon: IconUsersGroup },
  { path: "versions", label: strings.stage.versions, icon: IconStack2, count: (status) => status.versions },
  { path: "runs", label: strings.stage.runs, icon: IconBarbell, count: (status) => status.runs },
  { path: "models", label: strings.stage.models, icon: IconBox, count: (status) => status.models },
  { path: "deployments", label: strings.stage.deployments, icon: IconBroadcast, count: (status) => status.deployments },
]

export const REST: readonly Stage[] = [
  { path: "issues", label: strings.stage.issues, icon: IconMessage2, count: (status) => status.open_issues },
  { path: "guidelines", label: strings.stage.guidelines, icon: IconBook2 },
  { path: "jobs", label: strings.stage.jobs, icon: IconListCheck },
  { path: "history", label: strings.stage.history, icon: IconHistory },
  { path: "settings", label: strings.stage.settings, icon: IconAdjustmentsHorizontal },
]
