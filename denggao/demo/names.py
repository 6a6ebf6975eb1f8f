"""Names of people who never were. Common parts, put together by lot; the rare ones are there because lists have them."""

from __future__ import annotations

from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_COMMON = _SURNAMES[:40]
_COMPOUND = ("欧阳", "上官", "司徒", "诸葛", "夏侯", "慕容", "尉迟", "皇甫", "令狐", "端木")
_MEN = "伟强磊军勇杰涛明超刚辉鹏波斌浩宇健志建国海峰龙飞凯俊文博晨睿泽宏亮春生林松云天成新"
_WOMEN = "芳娜敏静丽娟霞艳玲燕红梅婷雪慧莹洁琳颖佳欣怡萍蓉岚月晓雯倩瑶珊冰露秋菊兰英淑华丹青"
_RARE = ("𠮷", "䶮", "㛃", "𬭊", "𣲗", "堃", "喆", "翀", "祎", "㭎")
_LONG_MEN = ("阿卜杜拉·买买提", "吐尔逊江·阿不都热合曼", "艾力·吐尼亚孜", "尼玛·扎西顿珠", "巴特尔·苏和", "库尔班江·赛买提")
_LONG_WOMEN = ("阿依古丽·肉孜", "古丽娜尔·阿卜杜热西提", "卓玛·央金", "迪丽努尔·艾合买提", "其其格·娜仁")
_FOREIGN_MEN = ("Tomas Novak", "Kenji Morita", "Daniel Osei", "Lukas Brandt", "Min-jun Seo")
_FOREIGN_WOMEN = ("Ana Ribeiro", "Ingrid Solberg", "Claire Fournier", "Priya Raman", "Yuki Tanabe")


def chinese_name(lot: Random, *, male: bool) -> str:
    """Two to four characters; about one in two hundred carries a rare one, one in a hundred a surname of two."""
    draw = lot.random()
    surname = lot.choice(_COMPOUND) if draw < 0.01 else lot.choice(_COMMON) if draw < 0.7 else lot.choice(_SURNAMES)
    given = "".join(lot.choice(_MEN if male else _WOMEN) for _ in range(1 if lot.random() < 0.22 else 2))
    if lot.random() < 0.005:
        given = given[:-1] + lot.choice(_RARE)
    return surname + given


def long_name(lot: Random, *, male: bool) -> str:
    return lot.choice(_LONG_MEN if male else _LONG_WOMEN)


def foreign_name(lot: Random, *, male: bool) -> str:
    return lot.choice(_FOREIGN_MEN if male else _FOREIGN_WOMEN)


def other_name(lot: Random, name: str) -> str:
    """A name somebody else might have written for the same number."""
    if "·" in name or name.isascii():
        return name[::-1].title() if name.isascii() else name.replace("·", "")[:4]
    return name[0] + lot.choice(_MEN + _WOMEN) if len(name) == 2 else name[:-1] + lot.choice(_MEN + _WOMEN)
