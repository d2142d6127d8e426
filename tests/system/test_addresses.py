"""No crawl is led into a private network: not by a redirect, a sitemap, a feed, a list or a name."""

from __future__ import annotations

from pytest_httpserver import HTTPServer

from aggregator.model import Outcome

FORMS = ("http://10.0.0.1", "http://[::ffff:169.254.169.254]", "http://localhost", "https://127.0.0.1:8443")


def links(base: str) -> str:
    return "".join(f"<a class=e href='{base}/agenda/een-avond-{n}'>avond {n}</a>" for n in range(2))


def test_what_a_site_names_is_refused_with_the_address_and_the_reason(site, crawl, write_config) -> None:
    """A server on another port of the very same machine stands for all that must not be asked."""
    with HTTPServer(host="127.0.0.1", threaded=True) as inner:
        inside = f"http://127.0.0.1:{inner.port}"
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        entry = f"{inside}/agenda/een-avond"
        pages = {
            "sitemap": (
                f"<?xml version='1.0'?><urlset xmlns='{space}'><url><loc>{entry}</loc></url></urlset>",
                {},
            ),
            "index": (
                f"<?xml version='1.0'?><sitemapindex xmlns='{space}'><sitemap><loc>{entry}</loc></sitemap>"
                "</sitemapindex>",
                {},
            ),
            "feed": (
                "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Koor</title>"
                f"<link href='{entry}'/></entry></feed>",
                {},
            ),
            "list": (f"<html>{links(inside)}</html>", {}),
            "moved": ("", {"status": 302, "headers": {"Location": entry}}),
            **{
                f"form-{n}": ("", {"status": 301, "headers": {"Location": f"{f}/"}})
                for n, f in enumerate(FORMS)
            },
        }
        site.expect_request("/robots.txt").respond_with_data("", status=404)
        for name, (body, more) in pages.items():
            site.expect_request(f"/{name}").respond_with_data(body, content_type="text/html", **more)
        about = {"sitemap": "sitemap", "index": "sitemap", "feed": "rss"}
        follow = {"feed": {"links": "link"}, "list": {"links": "a.e"}}
        sources: list[dict[str, object]] = []
        for name in pages:
            platform, url = about.get(name, "auto"), site.url_for(f"/{name}")
            more = {"follow": follow[name]} if name in follow else {}
            sources.append({"id": name, "platform": platform, "start_urls": [url], **more})
        # what a resolver would take for this machine's address
        forms = {"short": "127.1", "number": "2130706433", "hex": "0x7f.1", "octal": "0177.0.0.1"}
        names = {name: f"http://{host}/agenda" for name, host in forms.items()}
        sources += [{"id": name, "start_urls": [url]} for name, url in names.items()]
        runs = crawl(write_config(*sources), *pages, *names)
        assert {n: r.outcome for n, r in runs.items()} == dict.fromkeys(
            [*pages, *names], Outcome.REFUSED_ADDRESS
        )
        assert not any(run.complete for run in runs.values())
        for name in ("sitemap", "index", "feed", "list", "moved"):
            assert f"port {inner.port} is not fetched" in runs[name].detail, runs[name].detail
            assert inside in runs[name].detail
        for number, form in enumerate(FORMS):
            assert form in runs[f"form-{number}"].detail, runs[f"form-{number}"].detail
        for name in names:
            assert "is a number written in an odd way" in runs[name].detail, runs[name].detail
        assert inner.log == []


def test_rules_are_not_fetched_from_within_a_private_network(site, crawl, write_config) -> None:
    with HTTPServer(host="127.0.0.1", threaded=True) as inner:
        inside = f"http://127.0.0.1:{inner.port}/robots.txt"
        site.expect_request("/robots.txt").respond_with_data("", status=302, headers={"Location": inside})
        site.expect_request("/agenda").respond_with_data("<html></html>", content_type="text/html")
        run = crawl(write_config({"id": "huis", "start_urls": [site.url_for("/agenda")]}), "huis")["huis"]
        assert inner.log == []
        assert run.outcome is Outcome.EMPTY, run  # rules that cannot be had are no rules (RFC 9309 §2.3.1.3)
