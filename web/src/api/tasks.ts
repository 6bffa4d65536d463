/** What the tasks of projects mean to more than one feature. */

/** One answer for a picture as a whole; in all other tasks objects are drawn into it. */
export const isWhole = (task: string): boolean => task === "classification"
