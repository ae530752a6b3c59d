/** What was seen at one step, or what went wrong there. */
export interface Step {
  readonly name: string
  readonly isFine: boolean
  /** What the model received, or why this failed. */
  readonly seen: string
}

/** Steps that follow one another; the first that fails is the last that is tried. */
export class Story {
  readonly steps: Step[] = []

  get isFine(): boolean {
    return this.steps.every(({ isFine }) => isFine)
  }

  async step<Value>(name: string, act: () => Promise<Seen<Value>>): Promise<Value> {
    try {
      const { seen, value } = await act()
      this.steps.push({ name, isFine: true, seen })
      return value
    } catch (error) {
      this.steps.push({ name, isFine: false, seen: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }
}

interface Seen<Value> {
  readonly seen: string
  readonly value: Value
}

/** A step that has nothing to hand on. */
export function saw(seen: string): Seen<undefined> {
  return { seen, value: undefined }
}
