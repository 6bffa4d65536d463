/** What people say about pictures, and how these are labelled, beside whatever shows them. */

export { Aside } from "./Aside"
export { Guide, GuideText } from "./Guide"
export { Pins, type Seen } from "./Pins"
export { TalkButtons } from "./TalkButtons"
export { Thread } from "./Thread"
export { useTalk, type Talk } from "./useTalk"
