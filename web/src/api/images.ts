/** Addresses of pictures: for a tile (at most 256 pixels), for a screen (at most 1600), and the file as it came. */

export const thumbnailUrl = (imageId: string) => `/api/v1/images/${imageId}/thumbnail`
export const previewUrl = (imageId: string) => `/api/v1/images/${imageId}/preview`
export const originalUrl = (imageId: string) => `/api/v1/images/${imageId}/original`
