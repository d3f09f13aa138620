"""A page of Allure's is made quiet: what is taken out, what may run, and what it says of itself."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from harness.evidence.allure_page import ANALYTICS, quieted

OWN = b"window.allure = 'dataLayer gtag( of its own'"
DATA = "window.report = {};"
OF_ALLURE_2 = """<!DOCTYPE html><html><head class="x"><meta charset="utf-8"><title>Allure Report</title>
<link rel="icon" href="data:image/x-icon;base64,AAAB"><link rel="stylesheet" href="https://elsewhere.example/a.css">
</head><body class="light"><script src="data:text/javascript; charset=utf-8;base64,{own}"></script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
<script>
  window.dataLayer = window.dataLayer || [];
  function gtag(){{dataLayer.push(arguments);}}
  gtag('js', new Date());
</script>
<script>{data}</script><script src='//elsewhere.example/b.js'></script><script src=b.js></script>
<script>(function(m){{ym(123, "init");}})(); /* mc.yandex */</script>
</body></html>"""
PAGE = OF_ALLURE_2.format(own=b64encode(OWN).decode(), data=DATA)


def digest(script: bytes) -> str:
    return f"sha256-{b64encode(sha256(script).digest()).decode()}"


def policy_of(page: str) -> dict[str, str]:
    """The policy of a page, by directive."""
    (text,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return dict(one.strip().split(" ", 1) for one in text.split(";"))


def test_nothing_of_analytics_is_left() -> None:
    assert ANALYTICS.search(PAGE)
    page = quieted(PAGE, "Run 1", simulated=False)
    assert not ANALYTICS.search(page)
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    assert "b.js" not in page


def test_its_own_scripts_stay_and_only_they_may_run() -> None:
    page = quieted(PAGE, "Run 1", simulated=False)
    assert b64encode(OWN).decode() in page
    assert f"<script>{DATA}</script>" in page
    assert f'integrity="{digest(OWN)}"' in page
    assert policy_of(page)["script-src"].split() == [f"'{digest(OWN)}'", f"'{digest(DATA.encode())}'"]


def test_the_policy_forbids_to_ask_anybody() -> None:
    page = quieted(PAGE, "Run 1", simulated=False)
    policy = policy_of(page)
    assert policy["default-src"] == "'none'"
    assert {one for value in policy.values() for one in value.split() if not one.startswith("'sha256-")} <= {
        *("'none'", "'self'", "'unsafe-inline'", "data:", "blob:")
    }
    assert [name for name, value in policy.items() if "'unsafe-inline'" in value] == ["style-src"]
    assert [name for name, value in policy.items() if "'self'" in value] == ["base-uri"]
    assert page.index("Content-Security-Policy") < page.index('<meta charset="utf-8">')


def test_a_page_says_what_it_is_wherever_one_looks() -> None:
    page = quieted(PAGE, "SIMULATED <run> & more", simulated=True)
    assert "<title>SIMULATED &lt;run&gt; &amp; more</title>" in page
    banner = page[page.index('<body class="light">') :]
    assert banner.startswith('<body class="light"><div role="note" style="position:fixed;')
    assert "SIMULATED &lt;run&gt; &amp; more" in banner


def test_a_script_of_data_may_be_written_in_percents() -> None:
    page = quieted(
        PAGE.replace("<script src=b.js>", '<script src="data:text/javascript,a%20=%201">'), "", simulated=True
    )
    assert f"'{digest(b'a = 1')}'" in policy_of(page)["script-src"]


@pytest.mark.parametrize("page", ["<p>an error", "<html><head></head>", '<head></head><body onload="gtag(1)">'])
def test_what_cannot_be_closed_in_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="it "):
        quieted(page, "", simulated=False)
