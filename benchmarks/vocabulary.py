"""The words of the generated exports: prompts put together from lists, in English, Arabic, Chinese and Japanese."""

import json
import random

SUBJECTS = """lighthouse keeper|young violinist|red fox|clockwork owl|old sailor
woman in a yellow raincoat|street cat|paper dragon|tea seller|lonely robot|ballet dancer|desert nomad
grandmother with a sewing machine|snow leopard|astronaut|beekeeper|blue whale|night watchman
child with a kite|stone golem|jazz trio|glassblower|white horse|librarian|koi|tram driver
mountain hermit|flock of starlings|fisherman|marble statue|bicycle courier|mushroom village
moth with open wings|chess player|cellist on a roof|baker at four in the morning|pair of herons
steam locomotive|floating island|market crowd"""
ACTIONS = """waiting for the last train|walking into the fog|turning slowly towards the light
reading an old letter|laughing with closed eyes|mending a fishing net|looking up at the falling snow
dancing alone|holding a lantern|resting under a fig tree|crossing a rope bridge|pouring tea
playing to nobody|dissolving into petals|counting stars|running along the harbour wall
breathing out a cloud of dust|drifting through a flooded hall|waving from a balcony
carving a wooden bird|standing still while the crowd moves|opening a door in the air
listening to the rain"""
PLACES = """in a flooded cathedral|on the roof of a sleeping city|at the edge of a salt lake
in an overgrown greenhouse|under a railway bridge|in a kitchen full of steam|beside a frozen waterfall
in a canyon of mirrors|on a night market street|inside a giant seashell|at a bus stop in the desert
between tall library shelves|above a sea of clouds|in a Lisbon alley|on the deck of a ferry
in a field of sunflowers after the harvest|in the ruins of an observatory|behind a rainy window
in a bamboo forest|at low tide|on a staircase that leads nowhere|in a workshop full of clocks
in the old quarter of Muscat"""
LIGHTS = """golden hour|soft window light|neon reflections|moonlight through mist|harsh noon sun
candlelight|overcast morning|light from below|blue hour|backlit dust|thin winter light|fire glow
flickering fluorescent tubes|first light"""
STYLES = """35mm film grain|watercolour on rough paper|wide angle|shallow depth of field|muted colours
cinematic|oil painting with visible strokes|gouache|double exposure|high contrast black and white
woodcut|pastel palette|macro|low angle|symmetrical composition|long exposure|isometric
hand drawn animation|photorealistic|tilt shift|risograph print"""
CAMERA = """The camera pushes in very slowly and never cuts
The camera circles half way around and comes to rest
A steady drone shot rises until the whole valley is in view
Handheld, close to the face, a little out of breath|Locked camera, only the light changes
The shot begins in darkness and opens like an eye|A gentle pan from left to right
The focus wanders from the foreground to the far end of the room
The movement loops without a visible seam|Everything happens in one take
Slow motion at first, then real time|A slight zoom out reveals the scale of the place"""
SOUNDS = """only wind and distant bells|a soft hum and no voices|rain on a tin roof
a single piano note that fades|silence|footsteps on gravel|muffled music from the house next door|waves
an engine that starts on the third try|birds before dawn"""
SHORT = """make it move|slow zoom|she smiles|more wind|again|loop|blink|no camera movement|rotate|dance
let it snow|wave|pan left|turn around|closer|make it rain|fly|walk away|look at the camera
zoom out slowly|dreamy|go wild|faster"""
ARABIC = """رجل عجوز|قطة بيضاء|مدينة قديمة|سفينة في العاصفة|فتاة تحمل مصباحا|حصان عربي
نافذة مطلة على البحر|سوق شعبي|خيمة في الصحراء|طائر من نور|حديقة معلقة|قمر فوق النخيل|جسر حجري|بحر هادئ
جبال بعيدة|أزهار الياسمين|ضوء الغروب|ضباب الصباح|مطر خفيف|سماء مليئة بالنجوم|تصوير سينمائي|ألوان دافئة
تفاصيل دقيقة|لقطة قريبة|حركة بطيئة للكاميرا|إضاءة ناعمة|بأسلوب الألوان المائية|بدون نص|بجودة عالية
الكاميرا تقترب ببطء|الريح تحرك الستائر|يبتسم وينظر إلى البعيد"""
CHINESE = """雨夜的小巷|一只橘猫|竹林深处|湖面上的月光|穿红裙的女孩|老茶馆|雪山脚下|江南水乡
霓虹灯下的街道|飞过城市的鲸鱼|晨雾|金色夕阳|樱花飘落|古老的钟楼|灯笼|纸船|电影感
柔和的光线|镜头缓缓推进|浅景深|水墨风格|细节丰富|高清|胶片颗粒|风吹动头发|慢动作
俯拍|暖色调|静谧的氛围|倒影|远山|她回头微笑"""
JAPANESE = """夕暮れの駅|猫の本屋|雨上がりの路地|海沿いの電車|提灯の灯り|桜並木|雪の神社|古い時計塔
風に揺れる草原|夏の終わり|ゆっくりズーム|映画のような光|水彩風|柔らかい逆光
細部まで緻密|静かな雰囲気|手描きアニメ|振り返って微笑む|霧の朝|余白"""
ODD = (
    'She says: "not today"',
    "<b>bold</b> title card",
    "--ar 2:3 --no text",
    "see https://example.org/ref",
    "{mood: calm}",
    "\u2022 first \u2022 second",
    "line one\nline two",
    "tab\tseparated",
    "\U0001f98a\U0001f319",
    "50% faded",
    "caf\u00e9 d'\u00e9t\u00e9",
)


def words(text: str) -> list[str]:
    """The entries of one of the lists above."""
    return [entry.strip() for line in text.splitlines() for entry in line.split("|")]


def _pick(rng: random.Random, entries: list[str]) -> str:
    """One entry; those at the front come far more often, as words do."""
    return entries[int(len(entries) * rng.random() ** 1.7)]


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _english(rng: random.Random) -> str:
    subject, action, place = (_pick(rng, words(lists)) for lists in (SUBJECTS, ACTIONS, PLACES))
    tail = f"{_pick(rng, words(LIGHTS))}, {_pick(rng, words(STYLES))}"
    form = rng.random()
    if form < 0.4:
        text = f"{subject} {action} {place}, {tail}"
    elif form < 0.7:
        text = f"A {subject} {place}, {action}. {tail.capitalize()}"
    else:
        text = f"{_pick(rng, words(CAMERA))}. We hear {_pick(rng, words(SOUNDS))}. The {subject} is {action}"
    return f"{text} {rng.choice(ODD)}" if rng.random() < 0.02 else text


def _other(rng: random.Random, lists: str, comma: str) -> str:
    entries = words(lists)
    return comma.join(rng.sample(entries, rng.randint(3, 7)))


def sentences(seed: int) -> list[list[str]]:
    """Pools of sentences, already escaped for JSON: English (much the largest), Arabic, Chinese, Japanese, short."""
    rng = random.Random(f"{seed}/sentences")
    pools = [
        [_english(rng) for _ in range(6000)],
        [_other(rng, ARABIC, "، ") for _ in range(900)],
        [_other(rng, CHINESE, "，") for _ in range(700)],
        [_other(rng, JAPANESE, "、") for _ in range(400)],
        words(SHORT),
    ]
    return [[_escaped(text) for text in pool] for pool in pools]
