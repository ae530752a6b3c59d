import { z } from 'zod'

/** A moment as arguments name it, ISO 8601 with an offset, kept in UTC. */
export const instant = z.iso
  .datetime({ offset: true, abort: true })
  .overwrite((value) => new Date(value).toISOString())
