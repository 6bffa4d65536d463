/** Which windows of this browser have Modelyard open: what was drawn in one of them is no other's to send. */

import { newId } from "../../../api/ids"

type Call = { ask: string } | { here: string; to: string }

const ANSWER_MS = 250

export class Tabs {
  readonly id = newId()
  private readonly channel = new BroadcastChannel("modelyard-tabs")

  constructor() {
    this.channel.addEventListener("message", ({ data }: MessageEvent<Call>) => {
      if ("ask" in data) this.channel.postMessage({ here: this.id, to: data.ask } satisfies Call)
    })
  }

  /** The ids of all others that answer. */
  others(): Promise<Set<string>> {
    const found = new Set<string>()
    const listen = ({ data }: MessageEvent<Call>) => {
      if ("here" in data && data.to === this.id) found.add(data.here)
    }
    this.channel.addEventListener("message", listen)
    this.channel.postMessage({ ask: this.id } satisfies Call)
    return new Promise((resolve) => {
      setTimeout(() => {
        this.channel.removeEventListener("message", listen)
        resolve(found)
      }, ANSWER_MS)
    })
  }
}
