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

	it("show requests for approval where somebody said so, until somebody takes it back", async () => {
		const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
		const add = (key: string) =>
			inStore(async (tx) => {
				await tx.rememberConversation(conversation(key));
				return tx.addApprovalConversation(key, anna, new Date("2026-11-23T03:00:00Z"));
			});
		const shown = async (tenant = "t") =>
			(await inStore((tx) => tx.approvalConversations(tenant))).map(({ key }) => key);
		expect([await add("deciders"), await add("deciders"), await add("more")]).toEqual([true, false, true]);
		expect(await shown()).toEqual(["deciders", "more"]);
		expect(await shown("another")).toEqual([]);
		const drop = () => inStore((tx) => tx.dropApprovalConversation("deciders"));
		expect([await drop(), await drop()]).toEqual([true, false]);
		expect(await shown()).toEqual(["more"]);
	});

	it("are locked before messages", async () => {
		const backwards = inStore(async (tx) => {
			await lockLast(tx);
			await tx.rememberConversation(conversation("chat"));
		});
		await expect(backwards).rejects.toThrow(TOO_LATE);
	});
});
