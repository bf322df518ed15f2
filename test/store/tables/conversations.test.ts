import { describe, expect, it } from "@jest/globals";
import { conversation, lockLast, TOO_LATE, useStore } from "../records.js";

describe("conversations", () => {
	const { inStore, database } = useStore();
	/** Where the row lies: elsewhere once it was written again. */
	const place = (key: string) =>
		database().transaction((sql) => sql.query("select ctid::text from conversations where key = $1", [key]));

	it("are remembered, so that the bot can post there later", async () => {
		expect(await inStore((tx) => tx.conversation("chat"))).toBeUndefined();
		await inStore((tx) => tx.rememberConversation(conversation("chat")));
		await inStore((tx) => tx.rememberConversation(conversation("another")));
		expect(await inStore((tx) => tx.conversation("chat"))).toEqual(conversation("chat"));
	});

	it("are written again only when their address changed", async () => {
		const known = conversation("moving");
		await inStore((tx) => tx.rememberConversation(known));
		const before = await place("moving");
		await inStore((tx) => tx.rememberConversation(known));
		expect(await place("moving")).toEqual(before);
		const moved = { ...known, serviceUrl: "https://smba.trafficmanager.net/emea/" };
		await inStore((tx) => tx.rememberConversation(moved));
		expect(await place("moving")).not.toEqual(before);
		expect(await inStore((tx) => tx.conversation("moving"))).toEqual(moved);
	});

	it("are locked before messages", async () => {
		const backwards = inStore(async (tx) => {
			await lockLast(tx);
			await tx.rememberConversation(conversation("chat"));
		});
		await expect(backwards).rejects.toThrow(TOO_LATE);
	});
});
