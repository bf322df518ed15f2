import { describe, expect, it } from "@jest/globals";
import type { ConversationRef } from "../../../src/app/ports.js";
import { showTyping } from "../../../src/app/requests/show-typing.js";
import type { Command } from "../../../src/core/requests/command.js";
import { waitFor } from "../../wait-for.js";
import { conversation, JOB_ID } from "../world.js";

const cancel: Command = { kind: "cancel", jobId: JOB_ID };

describe("showing that an answer is being found", () => {
	function shown(command: Command, where: ConversationRef["conversationType"], typing = async () => {}) {
		const typed: string[] = [];
		const logged: object[] = [];
		const note = (facts: object) => void logged.push(facts);
		showTyping(
			{ command, conversation: { ...conversation("chat"), conversationType: where } },
			{
				messenger: {
					typing(to) {
						typed.push(to.key);
						return typing();
					},
				},
				log: { info: note, warn: note, error: note },
			},
		);
		return { typed, logged };
	}

	it.each(["personal", "groupChat"] as const)("makes one call in a %s", (where) => {
		expect(shown(cancel, where)).toEqual({ typed: ["chat"], logged: [] });
	});

	it("makes none in a channel, where Teams shows nothing of it", () => {
		expect(shown(cancel, "channel").typed).toEqual([]);
	});

	it.each<Command>([{ kind: "help" }, { kind: "unknown", text: "hm" }, { kind: "greeting" }])(
		"makes none for what is answered at once: %j",
		(command) => {
			expect(shown(command, "personal").typed).toEqual([]);
		},
	);

	it("keeps nobody waiting, and only notes that it did not work", async () => {
		expect(shown(cancel, "personal", () => new Promise(() => {})).typed).toEqual(["chat"]);
		const { logged } = shown(cancel, "personal", () => Promise.reject(new Error("503")));
		await waitFor(
			"the note",
			() => logged,
			(lines) => lines.length === 1,
		);
		expect(logged).toEqual([{ code: "typing-not-shown", detail: "503" }]);
	});
});
