import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../api/client"
import { globalKeys, key } from "../../../api/keys"
import { cardOf, type ImageCard } from "../queries"

export type Decision = Schemas["Decision"]
export type Annotation = Schemas["Annotation"]

const place = (batch_id: string, image_id: string) => ({ path: { batch_id, image_id } })

/** The pictures of a batch that wait for a decision, page by page. */
export function useDisputed(projectId: string, batchId: string) {
  return useInfiniteQuery({
    queryKey: key(projectId, "batches", batchId, "to-decide"),
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/batches/{batch_id}/disputed", { params: { path: { batch_id: batchId }, query: { limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
}

interface PictureToDecide {
  image: ImageCard
  opinions: Schemas["Opinion"][]
  present: Annotation
}

const pictureKey = (projectId: string, batchId: string, imageId: string | null) => key(projectId, "batches", batchId, "opinions", imageId)

/** One picture: what it is, what each person said, and the answer that it has, if any. */
export function usePictureToDecide(projectId: string, batchId: string, imageId: string | null) {
  return useQuery({
    queryKey: pictureKey(projectId, batchId, imageId),
    enabled: imageId !== null,
    queryFn: async (): Promise<PictureToDecide> => {
      const image_id = imageId ?? ""
      const [image, opinions, present] = await Promise.all([
        cardOf(image_id),
        unwrap(api.GET("/api/v1/batches/{batch_id}/images/{image_id}/opinions", { params: place(batchId, image_id) })),
        annotationOf(image_id),
      ])
      return { image, opinions, present }
    },
  })
}

export const annotationOf = (image_id: string): Promise<Annotation> => unwrap(api.GET("/api/v1/images/{image_id}/annotation", { params: { path: { image_id } } }))

/** After an answer was given or taken back: whoever looks at the picture again knows it at once, all else is asked again. */
export function useAnswered(projectId: string, batchId: string) {
  const client = useQueryClient()
  return {
    onSuccess: (present: Annotation) => client.setQueryData<PictureToDecide>(pictureKey(projectId, batchId, present.image_id), (before) => before && { ...before, present }),
    onSettled: () => {
      for (const topic of ["batches", "status", "images", "annotations"]) void client.invalidateQueries({ queryKey: key(projectId, topic) })
      void client.invalidateQueries({ queryKey: globalKeys.work })
    },
  }
}

export function useDecide(projectId: string, batchId: string) {
  const answered = useAnswered(projectId, batchId)
  return useMutation({
    mutationFn: ({ imageId, revision, body }: { imageId: string; revision: number; body: Partial<Decision> }) =>
      unwrap(
        api.PUT("/api/v1/batches/{batch_id}/images/{image_id}/decision", {
          params: { ...place(batchId, imageId), header: { "if-match": String(revision) } },
          body: { objects: [], is_draft: false, ...body },
        }),
      ),
    ...answered,
  })
}

export function useUndoDecision(projectId: string, batchId: string) {
  const answered = useAnswered(projectId, batchId)
  return useMutation({
    mutationFn: async (imageId: string) => {
      const { revision } = await annotationOf(imageId)
      return unwrap(api.DELETE("/api/v1/batches/{batch_id}/images/{image_id}/decision", { params: { ...place(batchId, imageId), header: { "if-match": String(revision) } } }))
    },
    ...answered,
  })
}
