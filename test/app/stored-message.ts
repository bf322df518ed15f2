import { randomUUID } from "node:crypto";
import type { Message, NewMessage } from "../../src/app/store.js";
import type { createWorld } from "./world.js";

/** What a message is about; its id, its time and its place come from here. */
export type About = NewMessage extends infer Each
	? Each extends unknown
		? Omit<Each, "id" | "createdAt" | "conversationKey">
		: never
	: never;

/** A message as it would stand at some moment, put into the database without any of the work that led there. */
export function putMessage(
	{ deps }: ReturnType<typeof createWorld>,
	about: About,
	state: Partial<Message> = {},
	conversationKey = "chat",
): Promise<Message> {
	return deps.store.transaction(async (tx) => {
		const made = { id: randomUUID(), createdAt: deps.clock.now(), conversationKey, ...about };
		const message = { ...(await tx.ensureMessage(made as NewMessage)), ...state } as Message;
		await tx.saveMessage(message);
		return message;
	});
}
