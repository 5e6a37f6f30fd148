"""Technologies that a page shows: published marks of well-known products.

Each mark is a fact that its product documents or shows on every page: the host of its script, the
name of its cookie, its header, its generator element.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Finding
from .page import WebPage


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Marks of a product; one is enough. All are lower case and looked for as parts of text.

    :ivar urls: in the URLs of scripts, style sheets, frames and images
    :ivar generator: at the beginning of the generator element
    :ivar cookies: at the beginning of a cookie's name
    :ivar headers: names, or "name: part of the value"
    """

    name: str
    urls: tuple[str, ...] = ()
    generator: str = ""
    cookies: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


FINGERPRINTS = (
    # Content, shops and site builders
    Fingerprint("WordPress", ("/wp-content/", "/wp-includes/"), "wordpress"),
    Fingerprint("WooCommerce", ("/plugins/woocommerce/",), "woocommerce", ("woocommerce_",)),
    Fingerprint("Elementor", ("/plugins/elementor/",), "elementor"),
    Fingerprint("Drupal", ("/core/misc/drupal.js", "/misc/drupal.js"), "drupal", (),
                ("x-drupal-cache", "x-generator: drupal")),
    Fingerprint("Joomla", ("/media/system/js/core", "/media/com_"), "joomla"),
    Fingerprint("TYPO3", ("/typo3conf/", "/typo3temp/"), "typo3"),
    Fingerprint("Contao", ("/bundles/contao",), "contao"),
    Fingerprint("Odoo", ("/web/assets/", "/web/content/website."), "odoo"),
    Fingerprint("Shopify", ("cdn.shopify.com/", "/cdn/shop/"), "shopify", ("_shopify_",),
                ("x-shopid", "x-shopify-stage")),
    Fingerprint("Magento", ("/static/version", "/skin/frontend/"), "", ("mage-",),
                ("x-magento-",)),
    Fingerprint("PrestaShop", ("/themes/classic/assets/", "/modules/ps_"), "prestashop",
                ("prestashop-",)),
    Fingerprint("Shopware", ("/bundles/storefront/",), "shopware", ("sw-states", "sw-cache-hash"),
                ("sw-context-token",)),
    Fingerprint("BigCommerce", ("bigcommerce.com/",), "", ("shop_session_token",)),
    Fingerprint("OpenCart", ("catalog/view/theme/", "catalog/view/javascript/"), "",
                ("ocsessid",)),
    Fingerprint("Wix", ("static.wixstatic.com/", "static.parastorage.com/"), "wix.com", (),
                ("x-wix-",)),
    Fingerprint("Squarespace", ("static1.squarespace.com/", "assets.squarespace.com/"),
                "squarespace", (), ("server: squarespace",)),
    Fingerprint("Webflow", ("assets.website-files.com/", "cdn.prod.website-files.com/"),
                "webflow"),
    Fingerprint("Jimdo", ("assets.jimstatic.com/", "jimdo.com/"), "jimdo"),
    Fingerprint("IONOS MyWebsite", ("cdn.website-start.de/",), "ionos"),
    Fingerprint("Weebly", ("editmysite.com/",), "weebly"),
    Fingerprint("Ghost", ("cdn.jsdelivr.net/ghost/",), "ghost"),
    Fingerprint("Adobe Experience Manager", ("/etc.clientlibs/", "/etc/designs/")),
    Fingerprint("Sitecore", ("/-/media/",), "sitecore", ("sc_analytics_global_cookie",)),
    Fingerprint("Umbraco", (), "umbraco", (), ("x-umbraco-version",)),
    Fingerprint("Hugo", (), "hugo "),
    Fingerprint("Jekyll", (), "jekyll"),
    Fingerprint("Gatsby", ("/page-data/app-data.json",), "gatsby"),
    Fingerprint("Next.js", ("/_next/static/",), "next.js", (), ("x-powered-by: next.js",)),
    Fingerprint("Nuxt", ("/_nuxt/",), "nuxt"),
    Fingerprint("Angular", ("/@angular/",), ""),
    Fingerprint("Laravel", (), "", ("laravel_session",)),
    Fingerprint("Django", (), "", ("csrftoken",)),
    Fingerprint("ASP.NET", ("/webresource.axd", "/scriptresource.axd"), "", ("asp.net_sessionid",),
                ("x-aspnet-version", "x-powered-by: asp.net")),
    Fingerprint("PHP", (), "", ("phpsessid",), ("x-powered-by: php",)),
    # Libraries
    Fingerprint("jQuery", ("jquery.min.js", "jquery.js", "/jquery-", "/jquery/")),
    Fingerprint("Bootstrap", ("bootstrap.min.", "bootstrap.bundle", "/bootstrap@")),
    Fingerprint("React", ("react.production.min.js", "/react-dom@", "react-dom.production")),
    Fingerprint("Vue.js", ("/vue@", "vue.min.js", "vue.global")),
    Fingerprint("Font Awesome", ("use.fontawesome.com/", "kit.fontawesome.com/", "/fontawesome")),
    Fingerprint("Google Fonts", ("fonts.googleapis.com/", "fonts.gstatic.com/")),
    # Measuring and marketing
    Fingerprint("Google Analytics", ("google-analytics.com/", "googletagmanager.com/gtag/")),
    Fingerprint("Google Tag Manager", ("googletagmanager.com/gtm.js",
                                       "googletagmanager.com/ns.html")),
    Fingerprint("Matomo", ("/matomo.js", "/piwik.js", "cdn.matomo.cloud/"), "", ("_pk_id",)),
    Fingerprint("Plausible", ("plausible.io/js/",)),
    Fingerprint("Hotjar", ("static.hotjar.com/",)),
    Fingerprint("Microsoft Clarity", ("clarity.ms/",)),
    Fingerprint("Meta Pixel", ("connect.facebook.net/", "facebook.com/tr?")),
    Fingerprint("LinkedIn Insight Tag", ("snap.licdn.com/",)),
    Fingerprint("HubSpot", ("js.hs-scripts.com/", "js.hsforms.net/", ".hs-sites.com/"), "hubspot",
                ("hubspotutk",)),
    Fingerprint("Salesforce Pardot", ("pi.pardot.com/", "pardot.com/")),
    Fingerprint("Marketo", ("munchkin.marketo.net/",)),
    Fingerprint("ActiveCampaign", ("trackcmp.net/",)),
    Fingerprint("Mailchimp", ("list-manage.com/", "chimpstatic.com/")),
    Fingerprint("Brevo", ("sibautomation.com/", "sibforms.com/")),
    Fingerprint("Klaviyo", ("static.klaviyo.com/",)),
    # Talking to visitors and consent
    Fingerprint("Intercom", ("widget.intercom.io/",)),
    Fingerprint("Zendesk", ("static.zdassets.com/",)),
    Fingerprint("Tawk.to", ("embed.tawk.to/",)),
    Fingerprint("Crisp", ("client.crisp.chat/",)),
    Fingerprint("Calendly", ("assets.calendly.com/",)),
    Fingerprint("Cookiebot", ("consent.cookiebot.com/",)),
    Fingerprint("Usercentrics", ("usercentrics.eu/",)),
    Fingerprint("OneTrust", ("cdn.cookielaw.org/", "otsdkstub.js")),
    Fingerprint("iubenda", ("cdn.iubenda.com/", "iubenda.com/")),
    Fingerprint("reCAPTCHA", ("google.com/recaptcha/", "gstatic.com/recaptcha/")),
    # Payment
    Fingerprint("Stripe", ("js.stripe.com/",)),
    Fingerprint("PayPal", ("paypal.com/sdk/", "paypalobjects.com/")),
    Fingerprint("Klarna", ("x.klarnacdn.net/", "js.klarna.com/")),
    # Servers and networks
    Fingerprint("Cloudflare", ("cdnjs.cloudflare.com/cdn-cgi/", "/cdn-cgi/"), "",
                ("__cf_bm", "__cfduid"), ("cf-ray", "server: cloudflare")),
    Fingerprint("Amazon CloudFront", (".cloudfront.net/",), "", (), ("x-amz-cf-id",)),
    Fingerprint("Fastly", (), "", (), ("x-served-by: cache-",)),
    Fingerprint("Akamai", (), "", ("ak_bmsc",), ("server: akamaighost",)),
    Fingerprint("Vercel", (), "", (), ("x-vercel-id", "server: vercel")),
    Fingerprint("Netlify", (), "", (), ("x-nf-request-id", "server: netlify")),
    Fingerprint("nginx", (), "", (), ("server: nginx",)),
    Fingerprint("Apache", (), "", (), ("server: apache",)),
    Fingerprint("Microsoft IIS", (), "", (), ("server: microsoft-iis",)),
    Fingerprint("LiteSpeed", (), "", (), ("server: litespeed",)),
)  # fmt: skip

_URLS = "//script/@src | //link/@href | //iframe/@src | //img/@src"


def read_technologies(page: WebPage) -> Iterator[Finding]:
    """Yield the technologies that a page shows, in the order of FINGERPRINTS."""
    urls = "\n".join(page.attributes(_URLS, limit=1000)).lower()
    generators = [text.lower() for text in page.attributes('//meta[@name="generator"]/@content')]
    cookies = [name.lower() for name in page.answer.cookies]
    headers = [f"{name}: {value}".lower() for name, value in page.answer.headers.items()]
    for mark in FINGERPRINTS:
        if (
            any(part in urls for part in mark.urls)
            or (mark.generator and _starts(generators, (mark.generator,)))
            or _starts(cookies, mark.cookies)
            or _has_header(headers, mark.headers)
        ):
            yield Finding("technologies", mark.name, page.url)


def _starts(texts: list[str], beginnings: tuple[str, ...]) -> bool:
    return any(text.startswith(beginnings) for text in texts)


def _has_header(headers: list[str], marks: tuple[str, ...]) -> bool:
    for mark in marks:
        name, colon, part = mark.partition(": ")
        if colon and any(h.startswith(f"{name}: ") and part in h for h in headers):
            return True
        if not colon and any(h.startswith(name) for h in headers):
            return True
    return False
