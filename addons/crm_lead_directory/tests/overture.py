"""Places that are made up, after the description of Overture's schema."""


def place(number=1, *, country="IT", at=(9.19, 45.46), **changes):
    """Return a place; `at` is its longitude and latitude."""
    longitude, latitude = at
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "geometry": None,
        "bbox": {"xmin": longitude, "xmax": longitude, "ymin": latitude, "ymax": latitude},
        "version": 1,
        "sources": [
            {
                "property": "",
                "dataset": "meta",
                "license": "CDLA-Permissive-2.0",
                "record_id": f"{number}",
                "update_time": "2026-11-01T00:00:00Z",
                "confidence": 0.9,
            },
            {"property": "/properties/brand", "dataset": "AllThePlaces", "license": "CC0-1.0"},
        ],
        "names": {"primary": f"Officina {number} Srl", "common": {"en": f"Workshop {number}"}},
        "confidence": 0.93,
        "websites": [f"https://www.officina{number}.example/it", "https://other.example"],
        "socials": ["https://www.facebook.com/someone"],
        "emails": ["anna.rossi@example.com"],
        "phones": [f"+39025550{number:04}", "+390000000000"],
        "brand": None,
        "addresses": [
            {
                "freeform": f"Via Verdi {number}",
                "locality": "Milano",
                "postcode": "20121",
                "region": "IT-25",
                "country": country,
            }
        ],
        "operating_status": "open",
        "basic_category": "automotive_service",
        "taxonomy": {
            "primary": "automotive_repair",
            "hierarchy": ["services_and_business", "automotive_service", "automotive_repair"],
            "alternates": ["tire_shop"],
        },
    } | changes
