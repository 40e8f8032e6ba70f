"""Write the generated files under `docs/`."""

from tests.schemas.documents import DOCS, DOCUMENTS, text

for name in DOCUMENTS:
    path = DOCS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(name), encoding="utf-8")
