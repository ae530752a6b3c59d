// Words of fixed meaning (names of actions, listed values) in the spellings that models send.

/**
 * The listed word that `given` spells: in any case, with hyphens or blanks, in quotes, in camelCase, in the plural or singular,
 * in full or in short.
 */
export function spelledWord<T extends string>(given: string, listed: readonly T[]): T | undefined {
  const exact = listed.find((word) => word === given)
  if (exact !== undefined) return exact
  const bare = plainWord(unquoted(given))
  const plain = listed.some((word) => plainWord(word) === bare) ? bare : (SAME.get(bare) ?? bare)
  const same = listed.filter((word) => plainWord(word) === plain)
  const near = same.length > 0 ? same : listed.filter((word) => singular(plainWord(word)) === singular(plain))
  return near.length === 1 ? near[0] : undefined
}

/** Other words for one listed value that leave no doubt. */
const SAME = new Map([
  ['organization', 'org'],
  ['organisation', 'org'],
  ['repo', 'project'],
  ['repository', 'project'],
  ['workspace', 'project'],
  ['md', 'markdown'],
])

const QUOTED = /^\s*(["'`])(.*)\1\s*$/s

/** Without the quotes that a model put around a word. */
function unquoted(word: string): string {
  return QUOTED.exec(word)?.[2] ?? word
}

/** The declared name that `given` spells: in any case, in camelCase, with hyphens or blanks. */
export function spelledName(given: string, declared: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.hasOwn(declared, given)) return given
  const names = [snakeCase(given), plainWord(given)]
  return names.find((name) => Object.hasOwn(declared, name))
}

function plainWord(word: string): string {
  return snakeCase(word.trim())
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** camelCase as snake_case; words that are all capitals stay whole. */
export function snakeCase(word: string): string {
  return word.replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) =>
    `${before}_${letter}`.toLowerCase(),
  )
}

/** What other memory servers and models call our actions. */
const ACTIONS = new Map<string, readonly string[]>(
  Object.entries({
    add: ['create', 'attach', 'start'],
    create: ['add', 'start'],
    insert: ['add', 'create'],
    save: ['add', 'create'],
    store: ['add', 'create'],
    link: ['create'],
    connect: ['create'],
    relate: ['create'],
    get_context: ['context'],
    load_context: ['context'],
    read_graph: ['context'],
    remember: ['add'],
    put: ['add'],
    write: ['add', 'create'],
    new: ['add', 'create', 'start'],
    memorize: ['add'],
    upsert: ['add'],
    bulk_upsert: ['bulk_add'],
    bulk_create: ['bulk_add'],
    bulk_insert: ['bulk_add'],
    batch_add: ['bulk_add'],
    add_many: ['bulk_add'],
    set: ['update', 'add'],
    edit: ['update'],
    modify: ['update'],
    patch: ['update'],
    rename: ['update'],
    append: ['update', 'log'],
    read: ['get'],
    show: ['get', 'status'],
    fetch: ['get'],
    find: ['search', 'list'],
    ls: ['list'],
    all: ['list'],
    query: ['search'],
    recall: ['search'],
    remove: ['delete', 'detach', 'deactivate'],
    del: ['delete', 'detach'],
    rm: ['delete', 'detach'],
    drop: ['delete'],
    erase: ['delete'],
    forget: ['delete', 'deactivate'],
    archive: ['deactivate'],
    restore: ['reactivate'],
    lock: ['checkout'],
    acquire: ['checkout'],
    take: ['checkout'],
    reserve: ['checkout'],
    claim: ['checkout'],
    release: ['checkin'],
    unlock: ['checkin'],
    extend: ['renew'],
    refresh: ['renew'],
    check: ['status', 'verify', 'get_consensus'],
    vote: ['record_vote'],
    consensus: ['get_consensus'],
    versions: ['history'],
    attach: ['attach', 'create'],
    finish: ['end'],
    close: ['end'],
    watch: ['wait'],
  }),
)

/** The action that another word for it means, where the tool has it. */
export function meantAction(given: string, actions: readonly string[]): string | undefined {
  return ACTIONS.get(plainWord(given))?.find((action) => actions.includes(action))
}

/** The action that a part of the word names or means: of add_entry, search_nodes, list_all. */
export function actionWithin(given: string, actions: readonly string[]): string | undefined {
  for (const part of partsOfWord(given)) {
    const action = actions.includes(part) ? part : meantAction(part, actions)
    if (action !== undefined) return action
  }
  return undefined
}

export function partsOfWord(given: string): string[] {
  return plainWord(given.slice(0, LONGEST_WORD)).split('_')
}

const LONGEST_WORD = 128

/** Whether the word asks for an entry that is made where it is missing, and changed where it is there. */
export function meansUpsert(given: string): boolean {
  return /upsert|(?:add|create|insert|save)_or_/.test(plainWord(given))
}

/** What other servers and models call our arguments. */
const ARGUMENTS = new Map<string, readonly string[]>(
  Object.entries({
    path: ['file_path'],
    file: ['file_path'],
    filename: ['file_path'],
    paths: ['file_paths', 'file_path'],
    files: ['file_paths', 'file_path'],
    ttl: ['ttl_ms', 'expires_in'],
    timeout: ['timeout_ms', 'wait_ms'],
    wait: ['wait_ms'],
    file_name: ['file_path'],
    uri: ['file_path', 'from_id'],
    resource: ['file_path'],
    text: ['content', 'query'],
    body: ['content'],
    note: ['content'],
    notes: ['content'],
    fact: ['content'],
    observation: ['content'],
    observations: ['content', 'turns'],
    message: ['content'],
    details: ['content'],
    data: ['content', 'metadata'],
    value: ['content', 'vote_value'],
    description: ['content', 'purpose'],
    title: ['name'],
    label: ['name'],
    subject: ['name'],
    topic: ['name', 'query', 'task_id'],
    key: ['name', 'id'],
    q: ['query'],
    search: ['query'],
    search_query: ['query'],
    search_term: ['query'],
    search_text: ['query'],
    query_text: ['query'],
    queries: ['query'],
    keyword: ['query'],
    keywords: ['query', 'tags'],
    prompt: ['query'],
    input: ['query', 'content'],
    question: ['query', 'task_id'],
    n: ['limit'],
    k: ['limit'],
    max: ['limit'],
    size: ['limit'],
    per_page: ['limit'],
    num_results: ['limit'],
    top_k: ['limit'],
    max_results: ['limit'],
    count: ['limit'],
    page_size: ['limit'],
    offset: ['cursor', 'since'],
    page: ['cursor'],
    type: ['types', 'relation_type', 'scope_type'],
    relation: ['relation_type'],
    from: ['from_id'],
    source: ['from_id'],
    src: ['from_id'],
    to: ['to_id'],
    dst: ['to_id'],
    destination: ['to_id'],
    target: ['to_id', 'file_path'],
    id: ['entry_id', 'session_id', 'scope_id', 'task_id'],
    entry: ['entry_id', 'id'],
    tag: ['tags'],
    labels: ['tags'],
    tag_names: ['tags'],
    scope: ['scope_type'],
    project: ['scope_id', 'project_id'],
    agent: ['agent_id'],
    user_id: ['agent_id'],
    token: ['fencing_token'],
    version: ['base_version'],
    vote: ['vote_value'],
    choice: ['vote_value'],
    option: ['vote_value'],
    decision: ['vote_value'],
    answer: ['vote_value'],
    task: ['task_id'],
    max_tokens: ['token_budget'],
    budget: ['token_budget'],
    items: ['entries', 'turns'],
    messages: ['turns'],
  }),
)

/** The argument that another word for it means, where the action has it. */
export function meantArgument(given: string, known: readonly string[]): string | undefined {
  const word = plainWord(given)
  const names = ARGUMENTS.get(word) ?? ARGUMENTS.get(word.replace(/(?:_entry|_entity)?_ids?$/, ''))
  const other = names?.find((name) => known.includes(name))
  if (other !== undefined) return other
  const longer = known.filter((name) => beginsOrEnds(name, word) || beginsOrEnds(word, name))
  return longer.length === 1 ? longer[0] : undefined
}

/** `root_path` ends with `path`, `since_seq` begins with `since`. */
function beginsOrEnds(name: string, part: string): boolean {
  return name.startsWith(`${part}_`) || name.endsWith(`_${part}`)
}
