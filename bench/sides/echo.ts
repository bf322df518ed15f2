// The least that a bot can do: restify and the SDK's adapter, and one card for every message.
import { cardActivity, host } from "./host.js";

host(async (context) => {
	if (context.activity.type !== "message") return;
	await context.sendActivity(cardActivity("You said", { text: context.activity.text }));
});
