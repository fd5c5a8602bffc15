"""Calls every operation through a package that openapi-generator has made for Python.

A script of its own, run where that package and what it needs are found: it reads the calls from
standard input and writes their answers to standard output.
"""

import base64
import json
import re
import sys

import openapi_client

job = json.load(sys.stdin)
WORKBOOK = ("自查.xlsx", base64.b64decode(job["workbook"]))


def answer_to(call):
    configuration = openapi_client.Configuration(
        host=job["origin"], access_token=job["tokens"][call["by"]]
    )
    api = openapi_client.DefaultApi(openapi_client.ApiClient(configuration))
    asked = {**call["path"], **call["query"]}
    if call["needs_tag"]:
        asked["if_match"] = "*"
    if call["has_file"]:
        asked["file"] = WORKBOOK
    elif call["body_name"]:
        model = getattr(
            openapi_client, call["body_name"]
        )  # its from_dict would send null for all else
        asked[_snake(call["body_name"])] = model.model_validate(call["body"])
    try:
        answer = getattr(api, f"{call['operation']}_with_http_info")(**asked)
    except openapi_client.ApiException as refused:
        typed = refused.data and json.loads(refused.data.to_json())
        return {"status": refused.status, "raw": json.loads(refused.body), "typed": typed}
    if isinstance(answer.data, bytes | bytearray):
        raw, typed = (base64.b64encode(part).decode() for part in (answer.raw_data, answer.data))
    else:
        raw, typed = json.loads(answer.raw_data), json.loads(answer.data.to_json())
    return {"status": answer.status_code, "raw": raw, "typed": typed}


def _snake(name):
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


json.dump([answer_to(call) for call in job["calls"]], sys.stdout)
