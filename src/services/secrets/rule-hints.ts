/**
 * What a text must hold for a rule of the set to find anything in it. Running all rules takes a millisecond, this much less than a
 * hundredth: so they are loaded and run for the few texts that have one of these. A test holds the table against the set.
 */
export const RULE_HINTS: Readonly<Record<string, string>> = {
  aws: 'A[A-Z0-9]{19}|aws|secret|account',
  gcp: 'PRIVATE KEY',
  privatekey: 'PRIVATE KEY',
  npm: '_authToken|x-oauth-basic|npm_',
  slack: 'xox|xapp-|hooks\\.slack',
  sendgrid: 'SG\\.',
  shopify: 'shp(?:pa|ca|at|ss)_',
  stripe: '[sr]k_(?:live|test)_',
  github: 'gh[opusr]_|github_pat_',
  gitlab: 'glpat-',
  grafana: 'glc_|glsa_',
  openai: 'sk-',
  anthropic: 'sk-ant',
  groq: 'gsk_',
  huggingface: 'hf_',
  linear: 'lin_api_',
  notion: 'ntn_|secret_',
  '1password': 'ops_ey',
  'hashicorp-vault': 'hv[sbr]\\.',
  vercel: 'vc[piark]_',
  databricks: 'dapi',
  docker: 'dckr_',
  figma: 'figd_',
  cloudflare: 'cf(?:k|ut|at)_',
  tailscale: 'tskey-',
}

/** Whether running the rules could find anything. */
export const HINTED = new RegExp([...new Set(Object.values(RULE_HINTS))].join('|'), 'i')
