import type { CliClient, Seat, Start } from './agents/client.ts'
import { ScriptedModel } from './model/scripted-model.ts'
import { Place } from './place.ts'
import { Holder } from './scenario/holder.ts'
import { Session } from './session.ts'
import { type Step, Story } from './story.ts'

/** What one run of a client needs, all of which ends with it. */
export class Stage {
  readonly place = new Place()
  readonly story = new Story()
  readonly model: ScriptedModel
  readonly #client: CliClient
  readonly #ends: (() => Promise<void>)[] = []

  private constructor(client: CliClient, model: ScriptedModel) {
    this.#client = client
    this.model = model
  }

  /** Plays one scenario; answers its steps, the last of which failed if one did. */
  static async run(
    client: CliClient,
    play: (client: CliClient, stage: Stage) => Promise<void>,
  ): Promise<readonly Step[]> {
    const stage = new Stage(client, await ScriptedModel.open(client.dialect))
    const { story, model } = stage
    try {
      client.prepare(stage.seat)
      await play(client, stage)
    } catch (error) {
      // A step that failed has said so itself.
      if (story.isFine) story.steps.push({ name: 'preparing', isFine: false, seen: String(error) })
    } finally {
      await stage.#end()
    }
    for (const seen of model.problems) story.steps.push({ name: 'requests read', isFine: false, seen })
    return story.steps
  }

  get seat(): Seat {
    return { home: this.place.home, project: this.place.project, modelUrl: this.model.url }
  }

  async startHolder(): Promise<Holder> {
    const holder = await Holder.start(this.place)
    this.atEnd(() => holder.end())
    return holder
  }

  startSession(start: Start): Session {
    const session = Session.start(this.#client, { place: this.place, model: this.model, start })
    this.atEnd(() => session.end())
    return session
  }

  /** Last come, first ended. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.unshift(end)
  }

  async #end(): Promise<void> {
    for (const end of this.#ends) await end()
    await this.model.close()
    this.place.remove()
  }
}
