import type { z } from 'zod'

export interface Setting {
  readonly variable: string
  readonly description: string
  /** Shown in the reference; the schema holds the real default. */
  readonly defaultText: string
  readonly schema: z.ZodType
  readonly isSecret: boolean
}

/** The settings of one part of the program, by their names there. */
export type SettingGroup = Readonly<Record<string, Setting>>

export type GroupValues<G extends SettingGroup> = { readonly [K in keyof G]: z.output<G[K]['schema']> }

export function setting<S extends z.ZodType>(
  variable: string,
  description: string,
  defaultText: string,
  schema: S,
) {
  return { variable, description, defaultText, schema, isSecret: false }
}

/** A value that no error, log or report may show. */
export function secret<S extends z.ZodType>(
  variable: string,
  description: string,
  defaultText: string,
  schema: S,
) {
  return { variable, description, defaultText, schema, isSecret: true }
}
