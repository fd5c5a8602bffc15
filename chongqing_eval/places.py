"""Settings for several machines: a second database to read, one place of files."""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from .environment import Environment, has_scheme


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """The database, and a PostgreSQL that follows it and answers public pages, by their aliases."""
    database = environment.database()
    sentence = "DATABASE_REPLICA_URL 应以 postgresql:// 开头,现在的写法读不懂。"
    is_ours = has_scheme("postgres", "postgresql")
    url = environment.checked("DATABASE_REPLICA_URL", is_ours, sentence)
    if not url:
        return {"default": database}
    if not database["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("有 DATABASE_REPLICA_URL 时,DATABASE_URL 也应是 PostgreSQL。")
    found = dict(environment.env.db_url_config(url), CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    options = {"connect_timeout": 2, **found.get("OPTIONS", {})}
    replica = {**found, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
    return {"default": database, "replica": replica}


def files(environment: Environment) -> dict[str, Any]:
    """Where files that people send are kept: under MEDIA_ROOT, or in a bucket."""
    sentence = "S3_URL 应写成 https://密钥名:密钥@主机:端口/桶名,密钥里的特殊字符要转写。"
    url = urlsplit(environment.checked("S3_URL", is_bucket, sentence))
    if not url.path:
        return {"BACKEND": "chongqing_eval.storage.KeptFiles"}
    host = url.netloc.rpartition("@")[2]
    options = {
        "endpoint_url": f"{url.scheme}://{host}",
        "access_key": unquote(url.username or ""),
        "secret_key": unquote(url.password or ""),
        "bucket_name": url.path.strip("/"),
        "region_name": dict(parse_qsl(url.query)).get("region", "us-east-1"),
    }
    return {"BACKEND": "chongqing_eval.bucket.KeptInBucket", "OPTIONS": options}


def is_bucket(text: str) -> bool:
    try:
        url = urlsplit(text)
        is_place = bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        return False
    is_known = bool(url.username and url.password) and has_scheme("http", "https")(text)
    return is_place and is_known and bool(re.fullmatch(r"/[a-z0-9][a-z0-9.-]{1,61}/?", url.path))
