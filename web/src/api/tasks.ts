/** What the tasks of projects mean to more than one feature. */

/** One answer for a picture; in all other tasks objects are kept of it, drawn into it or said of it as a whole. */
export const isWhole = (task: string): boolean => task === "classification"
