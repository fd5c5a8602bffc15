"""The conventions every API view shares: parameters, formats, ETags, repeats, open reading."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable
from rest_framework.mixins import ListModelMixin
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import Serializer
from rest_framework.settings import api_settings
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from .choosing import ChoosesFields
from .filters import refuse_unknown
from .idempotency import hold_body, key_of, once
from .knowing import KnowsPast
from .pagination import walkable
from .problems import CONTENT_TYPE as PROBLEM
from .problems import BadParameters, PreconditionRequired, Unreadable
from .renderers import JsonRenderer

_EXPOSED = "ETag, Link, X-Request-Id, Retry-After, Content-Language, Deprecation, Sunset"
_KEPT = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Link")  # in a 304 too


def tag_of_content(data: Any, format: str) -> str:
    """The tag of an answer: the same content in the same format has the same tag."""
    content = JsonRenderer().render(data) + format.encode()
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def with_tag(tag: str, data: Any, status: int = 200, **headers: str) -> Response:
    """An answer about what has a ``tag`` of its own, which alone says whether it changed."""
    return Response(data, status=status, headers={"ETag": quote_etag(tag), **headers})


def tagged(tag: str, data: Any, status: int = 200, **headers: str) -> Response:
    """An answer about what has a ``tag`` of its own, which goes on with what counts for no change:
    how far something has come."""
    seal = tag_of_content(data, "json").strip('"')[:8]
    return with_tag(f"{tag}.{seal}", data, status, **headers)


def answer_conditionally(request: Request, response: Response) -> Any:
    """The rendered response, or 304 when the reader has it already."""
    if "ETag" not in response:
        format = request.accepted_renderer.format
        response["ETag"] = tag_of_content(response.data, format)
    kept = {name: response[name] for name in _KEPT if name in response}
    answer: Any = get_conditional_response(
        request._request, etag=response["ETag"], response=response
    )
    for name, value in kept.items():
        answer[name] = value
    return answer


def seen_tag(request: Request, current: str) -> str | None:
    """Which of the tags in If-Match is of the ``current`` state; None for ``*``, any state.

    Empty when none is: the service then says what has changed. A weak tag never matches, as RFC
    9110 has it. Raises PreconditionRequired without the header: nobody changes what they have
    not read.
    """
    header = request.headers.get("If-Match", "")
    if not header:
        raise PreconditionRequired()
    tags = parse_etags(header)
    if tags == ["*"]:
        return None
    if not tags:
        raise Unreadable(_("If-Match 应是 ETag，例如取回内容时应答里的那一个，连同引号。"))
    strong = [tag.strip('"') for tag in tags if not tag.startswith("W/")]
    if not strong:
        sentence = _(
            "If-Match 里的 ETag 以 W/ 开头，是弱标签（常由中间的代理改成），不能凭它修改；"
            "请直接向门户取回内容，用不带 W/ 的那一个。"
        )
        raise Unreadable(sentence, status=412, code="weak_etag")
    return next((tag for tag in strong if f"{tag}.".startswith(f"{current}.")), "")


class StatedFormat(DefaultContentNegotiation):
    """The format of an answer: ``?format=`` when given, else what Accept asks for.

    Who names only the type of our problems (as clients made by openapi-generator do) takes what
    there is: RFC 9110 leaves that open, and with 406 nobody could ask for a file.
    """

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        if format := request.query_params.get("format"):
            renderers = self.filter_renderers(renderers, format)
            return renderers[0], renderers[0].media_type
        try:
            return cast(tuple[Any, str], super().select_renderer(request, renderers))
        except NotAcceptable:
            if PROBLEM not in request.headers["Accept"]:
                raise
            return renderers[0], renderers[0].media_type

    def filter_renderers(self, renderers: Sequence[Any], format: str) -> list[Any]:
        known = [renderer for renderer in renderers if renderer.format == format]
        if not known:
            formats = ", ".join(sorted({renderer.format for renderer in renderers}))
            raise BadParameters(
                {
                    "format": _("没有「%(found)s」格式；这个地址有 %(known)s。")
                    % {"found": format[:40], "known": formats}
                }
            )
        return known


class ApiView(APIView):
    """A single answer, and what every view of the API keeps to."""

    renderer_classes = [JsonRenderer]
    content_negotiation_class = StatedFormat
    # Serializer of the query parameters the view understands beyond filters and paging.
    parameters_class: type[Serializer] | None = None
    # A POST that only computes may be sent again as it is; its answer is not kept.
    stores_nothing = False
    # What is shown once is kept for no repeat either: the service refuses the second one.
    answers_secret = False
    post: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method)
        hold_body(request)
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.allowed_parameters())
        key = key_of(request) if request.method == "POST" else ""
        if key and not (self.stores_nothing or self.answers_secret):
            self.post = once(request, key, self.post)

    def allowed_parameters(self) -> set[str]:
        names = {"format"}
        if self.parameters_class:
            names |= set(self.parameters_class().fields)
        return names

    def parameters(self) -> dict[str, Any]:
        """The view's own query parameters, checked. Raises BadParameters."""
        assert self.parameters_class
        asked = self.request.query_params
        own = {name: asked[name] for name in self.parameters_class().fields if name in asked}
        serializer = self.parameters_class(data=own)
        if not serializer.is_valid():
            raise BadParameters(serializer.errors)
        return dict(serializer.validated_data)

    def body(self, kind: type[Serializer], **options: Any) -> dict[str, Any]:
        """What the body says, checked. Raises ValidationError."""
        serializer = kind(data=self.request.data, context={"request": self.request}, **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = Response(status=204)
        if self._is_public():
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in SAFE_METHODS:
            self._open_to_everybody(response)
        is_content = request.method in ("GET", "HEAD") and isinstance(response, Response)
        if is_content and response.status_code == 200:
            response.add_post_render_callback(
                lambda rendered: answer_conditionally(request, rendered)
            )
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def _open_to_everybody(self, response: HttpResponse) -> None:
        """Public content may be read from any site and kept by caches, which ask again."""
        if not self._is_public():
            return
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _EXPOSED
        if response.status_code == 200:
            response["Cache-Control"] = "public, max-age=0, must-revalidate"

    def _is_public(self) -> bool:
        permissions = self.get_permissions()
        return any(
            (getattr(permission, "policy", None) or {}).get("read") == "public"
            for permission in permissions
        )


class Resource(KnowsPast, ChoosesFields, ApiView, GenericViewSet):
    """A list and its members. ``cursor_key`` is the unique key pages are walked along."""

    cursor_key = "pk"
    table_name = "data"
    renderer_classes = api_settings.DEFAULT_RENDERER_CLASSES

    def get_renderers(self) -> list[Any]:
        if self.action == "list":
            return super().get_renderers()
        return [JsonRenderer()]

    def allowed_parameters(self) -> set[str]:
        names = super().allowed_parameters()
        if self.action == "list":
            filterset = getattr(self, "filterset_class", None)
            names |= {"cursor", "page_size"} | set(filterset.base_filters if filterset else ())
        return names

    @property
    def is_table(self) -> bool:
        """Whether the whole list is asked for as one table."""
        return self.request.accepted_renderer.format != "json"

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        if self.is_table:
            return list(walkable(queryset).order_by(self.cursor_key))
        return super().paginate_queryset(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(data) if self.is_table else super().get_paginated_response(data)

    @property
    def table_title(self) -> Any:
        """What a sheet with the list is called."""
        return self.get_queryset().model._meta.verbose_name_plural

    def table_columns(self) -> list[str]:
        fields = self.get_serializer().fields
        return [name for name, field in fields.items() if not field.write_only]

    def listed(self, rows: Iterable[Any]) -> Response:
        """A page of rows that were counted rather than selected, or all of them as a table."""
        page = self.paginate_queryset(list(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class TaggedResource(ListModelMixin, Resource):
    """Members have an ETag of their own, which ``tag_of`` computes: changing one needs it."""

    tag_of: Callable[[Any], str]

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    def answer(self, member: Any, status: int = 200) -> Response:
        headers = {} if self.known_on else {"ETag": f'"{self.tag_of(member)}"'}
        if status == 201:
            key = getattr(member, self.lookup_field)
            address = reverse(f"{self.basename}-detail", [key], request=self.request)
            headers["Location"] = address
        return Response(self.get_serializer(member).data, status=status, headers=headers)
