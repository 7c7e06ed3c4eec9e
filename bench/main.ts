// `npm run bench -- NAME`: what is measured, against what, and how to repeat it is told in bench/README.md.

/** The benches, each loaded when it is asked for. */
const benches: Readonly<Record<string, () => Promise<() => Promise<void>>>> = {
  lmtp: async () => (await import('./lmtp.ts')).benchLmtp,
  post: async () => (await import('./post.ts')).benchPost,
  deliver: async () => (await import('./deliver.ts')).benchDeliver,
  members: async () => (await import('./members.ts')).benchMembers,
  incoming: async () => (await import('./incoming.ts')).benchIncoming,
  bounces: async () => (await import('./bounces.ts')).benchBounces,
  joins: async () => (await import('./joins.ts')).benchJoins,
  imports: async () => (await import('./imports.ts')).benchImports,
};

const [wanted = ''] = process.argv.slice(2);
const chosen = wanted === 'all' ? Object.keys(benches) : [wanted];
if (chosen.some((name) => !Object.hasOwn(benches, name))) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join('|')}|all`);
  process.exit(2);
}
for (const name of chosen) {
  const bench = await benches[name]?.();
  await bench?.();
}
process.exit(0);
