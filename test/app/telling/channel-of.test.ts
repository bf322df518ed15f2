import { describe, expect, it } from "@jest/globals";
import { channelOf, inThread } from "../../../src/app/telling/channel-of.js";
import { channelKey } from "../../../src/core/channel-key.js";
import { conversation } from "../world.js";

describe("a channel", () => {
	it("is the same for all its threads", () => {
		expect(channelOf(conversation("19:ops@thread.tacv2;messageid=1"))).toEqual(
			conversation("19:ops@thread.tacv2"),
		);
		expect(channelKey("19:ops@thread.tacv2;messageid=1")).toBe("19:ops@thread.tacv2");
		expect(channelKey("19:chat@thread.v2")).toBe("19:chat@thread.v2");
	});

	it("has a thread below each of its messages", () => {
		for (const key of ["19:ops@thread.tacv2", "19:ops@thread.tacv2;messageid=1"])
			expect(inThread(conversation(key), "2").key).toBe("19:ops@thread.tacv2;messageid=2");
	});
});
