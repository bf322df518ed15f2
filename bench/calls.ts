import type { ChildProcess } from "node:child_process";

/** What a process of the measurement can be asked for over its channel to the one that started it. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

type Result<Call> = Call extends (...given: never[]) => infer R ? Awaited<R> : never;

/** Asks another process; rejects with the words of what failed there. */
export type Ask<Offered extends Calls> = <Name extends keyof Offered & string>(
	name: Name,
	...argument: Parameters<Offered[Name]>
) => Promise<Result<Offered[Name]>>;

interface Question {
	readonly id: number;
	readonly name: string;
	readonly argument: unknown;
}

interface Answer {
	readonly id: number;
	readonly result?: unknown;
	readonly failure?: string;
}

/** Answers the calls of the process that started this one, and stays alive for them if it is to `wait`. */
export function answerCalls(offered: Calls, { wait } = { wait: true }): void {
	process.on("message", async ({ id, name, argument }: Question) => {
		const answer = await Promise.resolve()
			.then(() => offered[name]?.(argument as never))
			.then(
				(result): Answer => ({ id, result }),
				(error: unknown): Answer => ({ id, failure: error instanceof Error ? error.message : String(error) }),
			);
		process.send?.(answer);
	});
	if (wait) process.channel?.ref();
	else process.channel?.unref();
}

/** The way to ask a child that answers calls. A child that ends leaves no question open. */
export function callsOf<Offered extends Calls>(child: ChildProcess): Ask<Offered> {
	let last = 0;
	const open = new Map<number, (answer: Answer) => void>();
	child.on("message", (answer: Answer) => {
		open.get(answer.id)?.(answer);
		open.delete(answer.id);
	});
	child.on("exit", (code) => {
		for (const [id, settle] of open) settle({ id, failure: `the process ended with ${code}` });
		open.clear();
	});
	return (name, ...[argument]) =>
		new Promise((resolve, reject) => {
			const id = ++last;
			open.set(id, ({ result, failure }) =>
				failure === undefined ? resolve(result as never) : reject(new Error(`${name}: ${failure}`)),
			);
			child.send({ id, name, argument } satisfies Question, (error) => error && reject(error));
		});
}
