"""Pictures whose prompt is a plain description: Midjourney, other services, and what Grok's exporters embed."""

import re

from sovia.importer.embedded.generation import Generation, name_of, seed_of

# In the order of trust: fields made for prompts first, then those that many programs fill with something else.
DESCRIPTIONS = (
    *("xmp:AIPromptInformation", "prompt", "Prompt", "Description", "description", "xmp:description"),
    *("exif:ImageDescription", "iptc:Caption", "exif:UserComment", "xmp:UserComment", "exif:XPComment"),
    *("Comment", "comment", "parameters", "xmp:title", "exif:XPTitle", "Title", "title"),
)
JOB = re.compile(r"\s*Job ID: ?[0-9a-f-]{36}\s*\Z")
TAIL = 200
VERSION = re.compile(r"--(?:v|version) (\d[\w.]{0,8})|--niji(?: (\d[\w.]{0,8}))?")
SEED = re.compile(r"--seed (\d{1,20})")
# What programs and cameras write when nobody said anything, and xAI's signature of its pictures.
EMPTY_WORDS = re.compile(
    r"created with|creator: |made with|screenshot|signature: |lav[cf]\d|olympus digital|samsung|sony dsc|default"
    r"|optimized by|compressed by|file written by|jpeg_quality|handbrake|https?://\S+\Z|[\W\d_]*\Z",
    re.IGNORECASE,
)
# A video's tags may be JSON of a tool that nobody knows.
STRUCTURED = ("{", "[", "<")
MADE_BY_MACHINES = ("trainedalgorithmicmedia", "compositesynthetic", "algorithmicmedia", "compositewithtrained")
TOOL_NAMES = (
    *("c2pa:softwareAgent", "xmp:AISystemUsed", "c2pa:generator", "xmp:CreatorTool", "Software", "exif:Software"),
    *("software", "xmp:Credit", "iptc:Credit", "c2pa:generator (2)"),
)
SERVICES = {
    "midjourney": "midjourney",
    "firefly": "firefly",
    "dall": "dalle",
    "gpt": "openai",
    "openai": "openai",
    "sora": "sora",
    "imagen": "google",
    "google": "google",
    "grok": "grok",
    "xai": "grok",
    "bing": "bing",
    "stability": "stability",
    "leonardo": "leonardo",
    "ideogram": "ideogram",
    "runway": "runway",
    "comfyui": "comfyui",
    "draw things": "drawthings",
}


def midjourney(texts: dict[str, str]) -> Generation | None:
    """Midjourney: the prompt with its options, and the id of the job behind it."""
    for name in DESCRIPTIONS:
        text = texts.get(name, "")
        match = JOB.search(text[-TAIL:])
        if match is None:
            continue
        prompt = (text[:-TAIL] + text[-TAIL:][: match.start()]).strip()
        version, seed = VERSION.search(prompt), SEED.search(prompt)
        found = Generation("midjourney", prompt=prompt, created_at=texts.get("Creation Time"))
        if version:
            found.model = f"Midjourney v{version[1]}" if version[1] else f"Niji {version[2] or ''}".strip()
        if seed:
            found.seed = seed_of(seed[1])
        return found
    return None


def described(texts: dict[str, str]) -> Generation | None:
    """A description that somebody wrote, and which service the file says made it."""
    prompt = next((words for name in DESCRIPTIONS if (words := _words(texts.get(name, "")))), "")
    tool = _service(texts)
    if not prompt and tool is None:
        return None
    found = Generation(tool or "unknown", prompt=prompt)
    found.model = name_of(texts.get("xmp:AISystemVersionUsed"))
    return found


def is_made_by_machine(texts: dict[str, str]) -> bool:
    """Whether the file declares that a trained model made it (IPTC's kinds of digital source)."""
    declared = " ".join(text for name, text in texts.items() if "igitalSource" in name).lower()
    return any(kind in declared for kind in MADE_BY_MACHINES)


def _words(text: str) -> str:
    words = text.strip()
    return "" if words.startswith(STRUCTURED) or EMPTY_WORDS.match(words) else words


def _service(texts: dict[str, str]) -> str | None:
    for name in TOOL_NAMES:
        said = texts.get(name, "").lower()
        for word, tool in SERVICES.items():
            if word in said:
                return tool
    if texts.get("exif:ImageDescription", "").startswith("Signature: "):
        return "grok"
    return "unknown" if is_made_by_machine(texts) else None
