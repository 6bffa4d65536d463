import { AskDialog } from "./AskDialog"
import { ImportsCard } from "./ImportsCard"
import { UploadCard } from "./UploadCard"
import type { useIncoming } from "./useIncoming"

interface Props {
  projectId: string
  incoming: ReturnType<typeof useIncoming>
  onShowImport: (importId: string) => void
}

/** Everything on its way in, above the grid. */
export function Incoming({ projectId, incoming, onShowImport }: Props) {
  return (
    <>
      <UploadCard projectId={projectId} />
      <ImportsCard projectId={projectId} sending={incoming.sending} onShowImport={onShowImport} />
      {incoming.asked && <AskDialog projectId={projectId} picked={incoming.asked} onClose={incoming.drop} onStart={(options) => void incoming.start(incoming.asked ?? [], options)} />}
    </>
  )
}
