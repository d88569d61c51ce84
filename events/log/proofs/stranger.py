"""Checks the proof in this folder with nothing but Python; with openssl also its signature. Run: python3 verify.py."""
# ruff: noqa: E401, E701, I001, PLW1510, S603, T201

import base64, hashlib, json, pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent

def _sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()

def _rise(leaf: bytes, index: int, size: int, path: list[str]) -> bytes:  # RFC 9162, 2.1.3.2
    last = size - 1
    for beside in map(bytes.fromhex, path):
        if index & 1 or index == last:
            leaf = _sha(b"\1" + beside + leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = _sha(b"\1" + leaf + beside)
        index, last = index >> 1, last >> 1
    return b"" if last else leaf

def _signed(note: str) -> bool:
    text, _, lines = note.rpartition("\n\n")
    name, _, key = (HERE / "key.txt").read_text("utf-8").strip().split("+", 2)
    found = [base64.b64decode(line.split(" ")[2])[4:] for line in lines.splitlines() if line.split(" ")[1] == name]
    with tempfile.TemporaryDirectory() as folder:
        der, sig, msg = (pathlib.Path(folder, each) for each in ("key.der", "signature", "text"))
        der.write_bytes(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key)[1:])
        sig.write_bytes(found[0] if found else b""), msg.write_bytes(text.encode() + b"\n")
        files = map(str, ("-inkey", der, "-sigfile", sig, "-in", msg))
        asked = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin", *files]
        return subprocess.run(asked, capture_output=True).returncode == 0

def _main() -> None:
    proof, note = json.loads((HERE / "proof.json").read_bytes()), (HERE / "checkpoint.txt").read_bytes().decode()
    (origin, size, root), before, count = note.split("\n")[:3], "", 0
    for event in proof["events"]:
        body, at, count = event["body"].encode(), event["position"], count + 1
        told, leaf = json.loads(body), _sha(b"\0" + body)
        fits = (told["log"], told["position"], told["case"]) == (origin, at, proof["case"]) and 0 < at <= int(size)
        if not fits or _rise(leaf, at - 1, int(size), event["inclusion"]) != base64.b64decode(root):
            sys.exit(f"NOT PROVED: position {at} is not in the log of this checkpoint as it stands here")
        for path, salt, value in event["disclosed"]:
            if _sha(bytes.fromhex(salt) + f'["{path}",{value}]'.encode()).hex() != told.get("_sd", {}).get(path):
                sys.exit(f"NOT PROVED: {path} of position {at} is not what was recorded")
        if proof["complete"] and (told["case_position"], told.get("prev", "")) != (count, before):
            sys.exit(f"NOT PROVED: events are left out before position {at}")
        before = leaf.hex()
    if not count: sys.exit("NOT PROVED: there is no event in this proof")
    try:
        says = "its signature holds" if _signed(note) else sys.exit("NOT PROVED: the signature does not hold")
    except FileNotFoundError:
        says = "its signature WAS NOT CHECKED (no key in this proof, or no openssl on this machine)"
    print(f"proved: {count} event{'s' * (count > 1)} of {proof['case']} in the log {origin} of {size} events; {says}")

if __name__ == "__main__":
    sys.excepthook = lambda *fault: print("NOT PROVED: this is no whole proof:", fault[1], file=sys.stderr)
    _main()
