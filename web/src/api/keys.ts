/** Query keys come from here, so that a topic of the live stream reaches everything that shows it. */

export const TOPICS = ["images", "annotations", "opinions", "batches", "suggestions", "versions", "runs", "models", "deployments", "classes", "jobs", "members", "issues", "guidelines", "notifications", "status"] as const
export type Topic = (typeof TOPICS)[number]

export const key = (projectId: string, topic: Topic | (string & {}), ...rest: readonly unknown[]) => ["project", projectId, topic, ...rest] as const

export const globalKeys = {
  session: ["session"],
  keys: ["keys"],
  notifications: ["notifications"],
  roles: ["roles"],
  installed: ["installation", "projects"],
  projects: ["projects"],
  work: ["work"],
  tokens: ["tokens"],
  users: ["users"],
  methods: ["methods"],
  security: ["security"],
  signInSettings: ["sign-in-settings"],
  smart: ["smart"],
  job: (jobId: string) => ["jobs", jobId],
  jobs: ["jobs", "list"],
} as const

/** What else looks different when a topic changes. */
const ALSO: Partial<Record<Topic, readonly Topic[]>> = {
  images: ["status", "classes", "annotations"],
  annotations: ["status", "classes", "images", "batches"],
  opinions: ["batches"],
  batches: ["status", "images"],
  suggestions: ["status"],
  versions: ["status"],
  runs: ["status"],
  models: ["status"],
  deployments: ["status"],
  classes: ["status", "images"],
  members: ["status"],
  issues: ["status", "images"],
}

/** Every topic to fetch again when these changed. */
export function withFollowers(topics: readonly string[]): Set<string> {
  return new Set(topics.flatMap((topic) => [topic, ...(ALSO[topic as Topic] ?? [])]))
}
