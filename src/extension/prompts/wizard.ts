/**
 * A question after the other at the top of the window, with a way back. A step asks through the `Wizard` and keeps the answer;
 * going back runs the step before it again, with its earlier answer proposed.
 */
import * as vscode from 'vscode';
import { Cancelled } from '../process/command-line';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  readonly proposed?: T | undefined;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly proposed: string;
  /** What is wrong with this answer, in words; undefined where it can be taken. */
  readonly validate: (answer: string) => string | undefined | Promise<string | undefined>;
}

/** One question. Does nothing where the answer is known already. */
export type Step = (wizard: Wizard) => Promise<void>;

class Back extends Error {}

/** Asks all questions in order. Throws `Cancelled` when the person leaves. */
export async function ask(title: string, steps: readonly Step[]): Promise<void> {
  let index = 0;
  while (index < steps.length) {
    const wizard = new Wizard(title, index + 1, steps.length);
    try {
      await steps[index]?.(wizard);
      index++;
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      index--;
    }
  }
}

export class Wizard {
  constructor(
    private readonly title: string,
    private readonly step: number,
    private readonly totalSteps: number,
  ) {}

  pick<T>({ placeholder, choices, proposed }: PickQuestion<T>): Promise<T> {
    const input = vscode.window.createQuickPick<Choice<T>>();
    input.items = choices;
    input.placeholder = placeholder;
    input.matchOnDescription = true;
    // With no active item, Enter would do nothing.
    input.activeItems = [choices.find(({ value }) => value === proposed) ?? choices[0]].filter(
      (choice) => choice !== undefined,
    );
    return this.show(input, (accept) => {
      input.onDidAccept(() => {
        const choice = input.selectedItems[0];
        if (choice !== undefined) accept(choice.value);
      });
    });
  }

  text({ prompt, proposed, validate }: TextQuestion): Promise<string> {
    const input = vscode.window.createInputBox();
    input.prompt = prompt;
    input.value = proposed;
    input.valueSelection = [0, proposed.length];
    let checking = 0;
    const check = async (): Promise<boolean> => {
      const turn = ++checking;
      const problem = await validate(input.value);
      // An answer typed since then has its own check.
      if (turn !== checking) return false;
      input.validationMessage = problem;
      return problem === undefined;
    };
    return this.show(input, (accept) => {
      input.onDidChangeValue(() => void check());
      input.onDidAccept(async () => {
        if (await check()) accept(input.value);
      });
    });
  }

  private show<T>(
    input: vscode.QuickPick<Choice<T>> | vscode.InputBox,
    listen: (accept: (value: T) => void) => void,
  ): Promise<T> {
    input.title = this.title;
    input.step = this.step;
    input.totalSteps = this.totalSteps;
    input.ignoreFocusOut = true;
    input.buttons = this.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    return new Promise<T>((resolve, reject) => {
      listen(resolve);
      input.onDidTriggerButton(() => {
        reject(new Back());
      });
      input.onDidHide(() => {
        reject(new Cancelled());
      });
      input.show();
    }).finally(() => {
      input.dispose();
    });
  }
}
