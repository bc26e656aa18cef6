// Shows what each peer does with a good call, with arguments out of range, and with an answer that does not fit.
import { createContenders } from "./contenders.mjs";

const good = { city: "Lisbon", units: "c", days: 3 };
const handler = async ({ city, days }) => ({ city, days, temperature: 21 });

async function show(what, contenders, input) {
  for (const { name, does, call } of contenders) {
    const answer = await Promise.resolve(call(input, JSON.stringify(input))).then(
      (value) => JSON.stringify(value),
      (error) => `throws ${error.name}: ${error.message}`,
    );
    console.log(`${what.padEnd(18)} ${name} (${does})\n    ${answer.replaceAll(/\s+/g, " ").slice(0, 160)}`);
  }
}

const contenders = await createContenders(handler);
await show("good", contenders, good);
await show("days: 99", contenders, { ...good, days: 99 });
await show("output misfit", await createContenders(async () => ({ city: 1 })), good);
process.exit(0);
