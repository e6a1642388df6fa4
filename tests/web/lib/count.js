// Counted tests: how many runs, from which seed, and the line that says so. The same rules as in
// tests/support/mod.rs: ZHENDI_COUNT_<NAME> gives the count, ZHENDI_LONG=1 the full one, else about a
// twentieth; ZHENDI_SEED_<NAME> or ZHENDI_SEED gives the seed. ZHENDI_COUNTS names a file that
// gathers the lines.
import fs from 'node:fs';

export function count(name, full) {
  const key = name.toUpperCase().replace(/-/g, '_');
  const env = process.env;
  const asked = Number(env[`ZHENDI_COUNT_${key}`] ?? (env.ZHENDI_LONG === '1' ? full : Math.max(1, Math.ceil(full / 20))));
  const seed = Number(env[`ZHENDI_SEED_${key}`] ?? env.ZHENDI_SEED ?? 20261124);
  let done = 0;
  return {
    asked,
    seed,
    step: () => {
      done += 1;
    },
    say: () => {
      const line = `${name}: ${done}/${asked}, seed ${seed}`;
      console.log(line);
      if (env.ZHENDI_COUNTS) fs.appendFileSync(env.ZHENDI_COUNTS, `${line}\n`);
    },
  };
}
