// Runs in the page, beside `adaptivecards` and `markdown-it`. Draws each state in a row of its own: narrow and wide,
// light and dark.

// Of Markdown, Teams knows bold, italic, lists and links.
const markdown = window
	.markdownit("zero", { html: false, breaks: true })
	.enable(["emphasis", "escape", "entity", "link", "list", "newline"]);

window.AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
	result.outputHtml = markdown
		.render(text)
		.replace(/&lt;at&gt;(.*?)&lt;\/at&gt;/gu, '<span class="mention">$1</span>');
	result.didProcess = true;
};

/**
 * Draws rows in place of those that were there: each a name and a card, once for each look. Tells where they are.
 *
 * @param rows `{ state, card, opened }` each; `opened` shows what its buttons reveal
 * @param looks `{ theme, width, hostConfig }` each, from left to right
 */
window.drawCards = (rows, looks) => {
	const sheet = document.createElement("main");
	for (const row of rows) {
		const name = document.createElement("h2");
		name.textContent = row.opened ? `${row.state}, opened` : row.state;
		const state = document.createElement("section");
		state.className = "state";
		state.append(...looks.map((look) => frame(row, look)));
		sheet.append(name, state);
	}
	return show(sheet);
};

/** Draws a few cards beside and below each other: `{ card, look }` each, in columns. */
window.drawColumns = (columns) => {
	const sheet = document.createElement("section");
	sheet.className = "sheet";
	for (const cards of columns) {
		const column = document.createElement("div");
		column.append(...cards.map(({ card, look }) => frame({ card, opened: false }, look)));
		sheet.append(column);
	}
	return show(sheet);
};

function show(sheet) {
	document.body.replaceChildren(sheet);
	const { x, y, width, height } = sheet.getBoundingClientRect();
	return { x, y, width, height };
}

/** Whether a button of the card reveals something in it. */
window.opens = (card) => parse(card).getAllActions().some(reveals);

function parse(card) {
	const parsed = new window.AdaptiveCards.AdaptiveCard();
	parsed.parse(card, new window.AdaptiveCards.SerializationContext(window.AdaptiveCards.Versions.v1_5));
	return parsed;
}

function frame({ card, opened }, { theme, width, hostConfig }) {
	const element = document.createElement("div");
	element.className = `frame ${theme} ${width}`;
	const box = document.createElement("div");
	box.className = "card";
	const parsed = parse(card);
	parsed.hostConfig = new window.AdaptiveCards.HostConfig(hostConfig);
	box.append(parsed.render());
	element.append(box);
	// The renderer counts some actions twice, and a second press would close what the first one opened.
	if (opened) for (const action of new Set(parsed.getAllActions())) if (reveals(action)) action.execute();
	return element;
}

function reveals(action) {
	return ["Action.ShowCard", "Action.ToggleVisibility"].includes(action.getJsonTypeName());
}
