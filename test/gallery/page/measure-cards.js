// Runs in the page and measures what is drawn there.

/** What a person's eyes, fingers and screen reader meet in each drawn card, in the order of the drawing. */
window.measureCards = () => [...document.querySelectorAll(".frame > .card")].map(measure);

function measure(card) {
	const texts = [...textsOf(card)];
	return {
		height: Math.round(card.getBoundingClientRect().height),
		firstLine: texts[0]?.data.trim() ?? "",
		text: texts.map(({ data }) => data).join("\n"),
		clipped: [
			...new Set([...card.querySelectorAll("*")].filter((part) => sticksOut(part, card)).map(inWords)),
		],
		faint: [...texts.map(contrast), ...[...card.querySelectorAll("[placeholder]")].map(hintContrast)].filter(
			({ ratio }) => ratio < 4.5,
		),
		names: [...card.querySelectorAll("button, a[href], input, textarea, select, [role=button], [role=link]")]
			.filter(isSeen)
			.map((element) => `${element.getAttribute("role") ?? element.localName} ${accessibleName(element)}`),
	};
}

function* textsOf(card) {
	const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
	while (walker.nextNode())
		if (walker.currentNode.data.trim() !== "" && isSeen(walker.currentNode.parentElement))
			yield walker.currentNode;
}

function isSeen(element) {
	return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
}

/**
 * What a screen reader calls it; a tooltip is no name. Chromium's own `computedName` takes seconds for a page of
 * cards, and their markup needs no more of the rules than this.
 */
function accessibleName(element) {
	const ids = (element.getAttribute("aria-labelledby") ?? "").split(" ");
	const named = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
	const labelled = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
	const names = [named, element.getAttribute("aria-label"), labelled, element.textContent];
	return names.map((name) => (name ?? "").trim()).find((name) => name !== "") ?? "";
}

function sticksOut(part, card) {
	if (!isSeen(part)) return false;
	const [{ left, right }, room] = [part.getBoundingClientRect(), card.getBoundingClientRect()];
	const cutOff = part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX !== "visible";
	return cutOff || left < room.left - 0.5 || right > room.right + 0.5;
}

function inWords(part) {
	return `${part.tagName.toLowerCase()} “${part.textContent.slice(0, 40)}”`;
}

function contrast(text) {
	return contrastOf(text.data.trim(), getComputedStyle(text.parentElement).color, text.parentElement);
}

function hintContrast(input) {
	return contrastOf(input.placeholder, getComputedStyle(input, "::placeholder").color, input);
}

/** The ratio of WCAG 2 between a text and what is behind it. */
function contrastOf(text, colour, element) {
	const behind = backgroundOf(element);
	const [lighter, darker] = [luminance(over(parts(colour), behind)), luminance(behind)].sort((a, b) => b - a);
	return { text: text.slice(0, 40), ratio: Math.floor(((lighter + 0.05) / (darker + 0.05)) * 100) / 100 };
}

function backgroundOf(element) {
	const layers = [];
	for (let one = element; one; one = one.parentElement)
		layers.push(parts(getComputedStyle(one).backgroundColor));
	return layers.reduceRight((behind, layer) => over(layer, behind), [255, 255, 255, 1]);
}

function parts(colour) {
	const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/gu).map(Number);
	return [red, green, blue, alpha];
}

function over([red, green, blue, alpha], behind) {
	return [...[red, green, blue].map((part, index) => part * alpha + behind[index] * (1 - alpha)), 1];
}

function luminance(colour) {
	const [red, green, blue] = colour.slice(0, 3).map((part) => {
		const share = part / 255;
		return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
