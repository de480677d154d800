/** Environment variables for one test, restored after it. */
import { afterEach } from 'mocha';

/** Call inside `describe`: returns a function that sets variables (or removes them: undefined) until the test ends. */
export function setEnvironment(): (variables: NodeJS.ProcessEnv) => void {
  const before = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };
  afterEach(() => {
    for (const [name, value] of before) set(name, value);
    before.clear();
  });
  return (variables) => {
    for (const [name, value] of Object.entries(variables)) {
      if (!before.has(name)) before.set(name, process.env[name]);
      set(name, value);
    }
  };
}
